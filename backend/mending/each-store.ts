/** One store after the other, so that one that somebody holds, or that is damaged, holds up none behind it. */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';

/** What is waited for is given up after a few seconds each: where so many fail in a row it is the database, and the next walk finds the same. */
const mostFailures = 20;

export interface StoreSteps {
  readonly stop?: AbortSignal | undefined;
  /** Between two stores. */
  readonly pauseMs?: number;
}

export interface Walked {
  /** What the work came to in all. */
  readonly count: number;
  /** The stores of which it failed or was not begun. */
  readonly left: ReadonlySet<string>;
  /** Those of which it failed. */
  readonly failed: ReadonlySet<string>;
}

export type EachStore = (
  storeIds: Iterable<string>,
  work: (storeId: string) => Promise<number>,
  steps?: StoreSteps,
) => Promise<Walked>;

/** Stores that failed come last in the next walk, those that were tried longest ago first: however many they are, no other waits behind them. */
export const createEachStore = (ports: {
  /** For the log. */
  readonly what: string;
  readonly logger: Logger;
}): EachStore => {
  const known = new Set<string>();
  return async (storeIds, work, { stop, pauseMs = 0 } = {}) => {
    const left = new Set(storeIds);
    const failed = new Set<string>();
    const order = [...[...left].filter((id) => !known.has(id)), ...[...known].filter((id) => left.has(id))];
    let [count, inARow] = [0, 0];
    for (const storeId of order) {
      if (stop?.aborted || inARow === mostFailures) break;
      known.delete(storeId);
      try {
        count += await work(storeId);
        left.delete(storeId);
        inARow = 0;
      } catch (failure) {
        known.add(storeId);
        failed.add(storeId);
        inARow += 1;
        ports.logger.warn('a store could not be put right yet', {
          what: ports.what,
          storeId,
          ...describeThrown(failure),
        });
      }
      await pause(pauseMs, stop);
    }
    return { count, left, failed };
  };
};

export type StoreWalk = (
  storeIds: Iterable<string>,
  work: (write: StoreWrite, storeId: string) => Promise<number>,
  steps?: StoreSteps & {
    /** A store that somebody holds for longer fails; left out, as long as anything of the database waits. */
    readonly heldMs?: number;
  },
) => Promise<Walked>;

/** As `createEachStore`; each store is held, in a transaction of its own. One that is there no more counts for nothing. */
export const createStoreWalk = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly what: string;
  readonly logger: Logger;
}): StoreWalk => {
  const { db, tenantId } = ports;
  const each = createEachStore(ports);
  return (storeIds, work, { heldMs, ...steps } = {}) => {
    const change = (storeId: string): Promise<number | null> =>
      db.transaction().execute(async (tx) => {
        if (heldMs !== undefined)
          await sql`SELECT set_config('lock_timeout', ${`${heldMs}ms`}, true)`.execute(tx);
        return writeStore(tx, tenantId, storeId, (write) => work(write, storeId));
      });
    return each(storeIds, async (storeId) => (await change(storeId)) ?? 0, steps);
  };
};

/** Ends early with `stop`. */
export const pause = async (ms: number, stop: AbortSignal | undefined): Promise<void> => {
  if (ms === 0) return;
  await delay(ms, undefined, { ref: false, ...(stop ? { signal: stop } : {}) }).catch(() => undefined);
};
