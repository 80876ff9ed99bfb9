/** One store after the other, so that one that somebody holds, or that is damaged, holds up none behind it. */
import { setTimeout as delay } from 'node:timers/promises';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '../platform/ports.ts';

/** What is waited for is given up after a few seconds each: where so many fail it is the database, and the next look finds the same. */
const mostFailures = 20;

export interface StoreSteps {
  /** For the log. */
  readonly what: string;
  readonly logger: Logger;
  readonly stop?: AbortSignal | undefined;
  /** Between two stores. */
  readonly pauseMs?: number;
}

/** Tells what `work` came to in all, and of which stores it failed or was not begun. */
export const eachStore = async (
  storeIds: Iterable<string>,
  work: (storeId: string) => Promise<number>,
  { what, logger, stop, pauseMs = 0 }: StoreSteps,
): Promise<{ readonly count: number; readonly left: ReadonlySet<string> }> => {
  const left = new Set(storeIds);
  let count = 0;
  let failures = 0;
  for (const storeId of [...left]) {
    if (stop?.aborted || failures === mostFailures) break;
    try {
      count += await work(storeId);
      left.delete(storeId);
    } catch (failure) {
      failures += 1;
      logger.warn('a store could not be put right yet', { what, storeId, ...describeThrown(failure) });
    }
    await pause(pauseMs, stop);
  }
  return { count, left };
};

/** Ends early with `stop`. */
export const pause = async (ms: number, stop: AbortSignal | undefined): Promise<void> => {
  if (ms === 0) return;
  await delay(ms, undefined, { ref: false, ...(stop ? { signal: stop } : {}) }).catch(() => undefined);
};
