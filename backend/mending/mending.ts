/**
 * What a backend of the release before, at work beside this one, has left in a form that this release does not leave it in, is put
 * right: at the start, and again by the clock, as that one may go on for a while.
 */
import { describeThrown } from '#shared/errors/thrown.ts';
import { every } from '#shared/flow/every.ts';
import type { Timer } from '#shared/flow/in-time.ts';
import type { Logger } from '#shared/flow/logger.ts';

const againMs = 600_000;

export interface Mend {
  /** For the log. */
  readonly what: string;
  /** Tells how many things it has put right. Where there is nothing to put right it changes nothing. Ends early with `stop`. */
  readonly run: (stop: AbortSignal) => Promise<number>;
}

export interface Mending {
  /** At once: something was done that may have left something to put right. */
  again(): void;
  dispose(): Promise<void>;
}

export const createMending = (ports: {
  readonly mends: readonly Mend[];
  readonly timer: Timer;
  /** False while the database takes no writes: the next look finds the same. */
  mayWrite(): boolean;
  readonly logger: Logger;
}): Mending => {
  const { mends, logger } = ports;
  const ending = new AbortController();
  const look = async (): Promise<void> => {
    for (const { what, run } of mends) {
      if (ending.signal.aborted || !ports.mayWrite()) return;
      try {
        const count = await run(ending.signal);
        if (count > 0) logger.info('put right', { what, count });
      } catch (failure) {
        logger.warn('putting right', { what, ...describeThrown(failure) });
      }
    }
  };
  let running: Promise<void> | null = null;
  let isAsked = false;
  const begin = (): void => {
    // One that is not through yet goes on, and is followed by another; none is begun beside it.
    if (running) isAsked = true;
    running ??= look().finally(() => {
      running = null;
      if (!isAsked || ending.signal.aborted) return;
      isAsked = false;
      begin();
    });
  };
  const stop = every(ports.timer, againMs, begin);
  begin();
  return {
    again: begin,
    dispose: async () => {
      ending.abort();
      stop();
      await running;
    },
  };
};
