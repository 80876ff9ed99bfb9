/** Gets a lock that has lost the time a token that tells it, if one can be had quickly: the person is waiting. */
import { inTime } from '#shared/flow/in-time.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';

/** Asks an authority that the vendor's root has certified. `challenge`: the lock's ephemeral key, 32 bytes. */
export type TimeTokenSource = (challenge: Uint8Array) => Promise<Uint8Array | null>;

export interface TimeTokens {
  /** null where the lock has asked for none, or none could be had. Never rejects, never takes longer than `longestMs`. */
  ask(challenge: Uint8Array | null): Promise<Uint8Array | null>;
}

export const longestMs = 1500;
/** After a failure nobody is kept waiting for the next one: locks open without the time for a while. */
const pauseMs = 30_000;

export const createTimeTokens = (ports: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly source: TimeTokenSource;
}): TimeTokens => {
  const { clock, logger, source } = ports;
  let pausedUntil = -Infinity;

  const askWithin = (challenge: Uint8Array): Promise<Uint8Array | null> => {
    const asked = source(challenge).catch((error: unknown) => {
      logger.warn('no time token', describeThrown(error));
      return null;
    });
    return inTime({ timer: clock, ms: longestMs }, asked, () => null);
  };

  return {
    ask: async (challenge) => {
      if (challenge === null || clock.monotonic() < pausedUntil) return null;
      const token = await askWithin(challenge);
      if (token === null) pausedUntil = clock.monotonic() + pauseMs;
      return token;
    },
  };
};
