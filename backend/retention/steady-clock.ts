/**
 * The time by which things are too old. A clock that is wrong for an hour must not cost a year of events: it is followed where it
 * goes on, and one that has leapt is followed only once backends have run with it for a week. Kept in the database: a restart
 * does not shorten that, and of several instances one whose clock is right is enough to set a wrong one's doubts aside.
 */
import type { BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';

const dayMs = 86_400_000;
/** So far it may leap between two looks: what is removed a day early or late harms nobody. */
const leapMs = dayMs;
const doubtMs = 7 * dayMs;
/** A process that was stopped for days has not run for days. */
const longestRunMs = 3_600_000;

export interface SteadyClock {
  /** The time to go by now, in ms: never after what the clock says. */
  look(): Promise<number>;
}

interface Row {
  readonly at: number;
  /** For how long backends have run with a clock that is elsewhere, in ms. */
  readonly doubtedMs: number;
}

export const createSteadyClock = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly platform: Pick<BackendPorts, 'now' | 'logger'>;
  /** Of this process, in ms. */
  uptime(): number;
}): SteadyClock => {
  const { db, tenantId, platform } = ports;
  let last: (Row & { readonly uptime: number }) | null = null;
  let isDoubted = false;

  const read = async (now: number): Promise<Row> => {
    await db
      .insertInto('steady_time')
      .values({ tenant_id: tenantId, at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return db
      .selectFrom('steady_time')
      .select(['at', 'doubted_ms as doubtedMs'])
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
  };

  /** Not where another instance has followed its own clock meanwhile. */
  const write = async ({ at: before }: Row, { at, doubtedMs }: Row): Promise<void> => {
    await db
      .updateTable('steady_time')
      .set({ at, doubted_ms: doubtedMs })
      .where('tenant_id', '=', tenantId)
      .where('at', '=', before)
      .execute();
  };

  /**
   * The steady time goes on with what this process has run since it looked last, and so does the doubt. Several instances do not go
   * faster for that: each adds its own run to what it saw. Not where another has followed its clock since.
   */
  const goOn = (row: Row, uptime: number): Row => {
    if (!last || row.doubtedMs < last.doubtedMs) return row;
    const ran = Math.round(Math.min(longestRunMs, uptime - last.uptime));
    return {
      at: Math.max(row.at, last.at + ran),
      doubtedMs: Math.max(row.doubtedMs, last.doubtedMs + ran),
    };
  };

  return {
    look: async () => {
      const [now, uptime] = [Math.round(platform.now()), ports.uptime()];
      const row = await read(now);
      const gone = goOn(row, uptime);
      const isFollowed = Math.abs(now - gone.at) <= leapMs || gone.doubtedMs >= doubtMs;
      const next = isFollowed ? { at: now, doubtedMs: 0 } : gone;
      await write(row, next);
      if (!isFollowed && !isDoubted) {
        const days = Math.round((now - gone.at) / dayMs);
        platform.logger.error('the clock has leapt; nothing is removed for its age by it for a week', {
          days,
        });
      }
      isDoubted = !isFollowed;
      last = { ...next, uptime };
      return Math.min(now, next.at);
    },
  };
};
