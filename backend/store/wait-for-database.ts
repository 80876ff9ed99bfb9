import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '#shared/flow/backoff.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';

const retry = { firstMs: 250, longestMs: 15_000, chance: 0.5 };

/**
 * Tries `attempt` until it succeeds, with pauses that grow up to 15 s: whatever starts machines and containers starts them in
 * any order. A failure that waiting does not mend (`AppFailure`) is thrown at once. Rejects when `stop` is aborted.
 */
export const waitForDatabase = async <T>(
  attempt: () => Promise<T>,
  { logger, jitter }: Pick<BackendPorts, 'logger' | 'jitter'>,
  stop: AbortSignal,
): Promise<T> => {
  for (let failures = 1; ; failures++) {
    stop.throwIfAborted();
    try {
      return await attempt();
    } catch (failure) {
      stop.throwIfAborted();
      if (failure instanceof AppFailure || !mayPass(failure)) throw failure;
      const waitMs = Math.round(backoffMs(retry, failures, jitter()));
      logger.warn('waiting for the database', { ...describeThrown(failure), waitMs });
      await sleep(waitMs, undefined, { signal: stop });
    }
  }
};

/** A mistake in a statement or in a migration's data is there again at the next try; everything around it may pass. */
const mayPass = (failure: unknown): boolean => {
  const code = codeOf(failure);
  if (code === '') return failure instanceof Error && /connect|timeout|ssl/i.test(failure.message);
  return !/^(0A|2[1-4]|42(?!501)|P0|XX)/.test(code);
};
