/**
 * Every store follows people who were changed, a store at a time, each in a transaction of its own. What is left undone is found by
 * `revision` and goes on, also at another instance: in slices, and after each with whom waiting for would be worst.
 */
import { sql, type Selectable } from 'kysely';
import { createStoreWalk } from '../mending/each-store.ts';
import { createMending } from '../mending/mending.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { systemTimer } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { PeopleTable } from './people-table.ts';
import { settlePeople } from './settle-people.ts';
import { storesBehind } from './stores-behind.ts';

type PersonRow = Selectable<PeopleTable>;

/** How many stores were brought in line, and how many are still to follow. */
export interface Followed {
  readonly followed: number;
  readonly following: number;
}

/** `untried`: of those still to follow, how many were not begun. */
type Settled = Followed & { readonly untried: number };

export interface SettlePorts {
  readonly db: Db;
  readonly tenantId: string;
  readonly logger: Logger;
}

/** An operator waits for it; where there are no more stores than these, for all. */
const answerWithinMs = 3_000;
const surely = 20;
/** Then somebody else may be more urgent. */
const sliceMs = 5_000;
/** Whoever else holds a store is not waited for while somebody waits for an answer, or other stores do. */
const hurriedMs = 100;

const nobody: Followed = { followed: 0, following: 0 };

export interface SettlePeople {
  /** Of this person, until `stop` but for the first stores; those that somebody holds are passed over. */
  one(staffId: string, stop: AbortSignal): Promise<Followed>;
  /** Of everybody who was changed, whom something was taken from before others. Tells how many people every store has followed. */
  all(stop?: AbortSignal): Promise<number>;
}

/** The two ways to it: at once for one person, and by the clock for all. */
export const createSettlePeople = (ports: SettlePorts): SettlePeople => {
  const { db, tenantId } = ports;
  const walk = createStoreWalk({ ...ports, what: 'people' });
  const changed = () =>
    db
      .selectFrom('people')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .whereRef('settled_revision', '<', 'revision');
  /** Whoever was changed meanwhile is not done, nor where a store's row of them was. */
  const note = async (person: PersonRow): Promise<void> => {
    const asOf = sql<boolean>`tenant_id = ${tenantId} AND staff_id = ${person.staff_id}
      AND revision = ${person.revision} AND settled_revision = ${person.settled_revision}`;
    await (person.gone
      ? db.deleteFrom('people').where(asOf).execute()
      : db
          .updateTable('people')
          .set({ settled_revision: person.revision, takes_away: false })
          .where(asOf)
          .execute());
  };
  const settle = async (
    person: PersonRow,
    { stop, heldMs, least = 0 }: { stop?: AbortSignal; heldMs?: number; least?: number },
  ): Promise<Settled> => {
    const storeIds = await storesBehind(db, tenantId, person);
    const follow = async (write: StoreWrite, storeId: string): Promise<number> => {
      await settlePeople(write, tenantId, storeId, person.staff_id);
      return 1;
    };
    const hurry = heldMs === undefined ? {} : { heldMs };
    const first = await walk(storeIds.slice(0, least), follow, hurry);
    const then = await walk(storeIds.slice(least), follow, { stop, ...hurry });
    const following = first.left.size + then.left.size;
    if (following === 0) await note(person);
    const untried = following - first.failed.size - then.failed.size;
    return { followed: first.count + then.count, following, untried };
  };
  return {
    one: async (staffId, stop) => {
      const person = await changed().where('staff_id', '=', staffId).executeTakeFirst();
      if (!person) return nobody;
      const { followed, following } = await settle(person, { stop, heldMs: hurriedMs, least: surely });
      return { followed, following };
    },
    all: async (stop) => {
      /** What is left of these the next call goes on with. */
      const passed = new Set<string>();
      /** All their stores that nobody holds have followed, or none did in a slice: those that somebody holds are waited for. */
      const waitedFor = new Set<string>();
      let people = 0;
      while (!stop?.aborted) {
        const next = await changed()
          .where(sql<boolean>`staff_id <> ALL(${[...passed]}::uuid[])`)
          .orderBy(sql`gone OR takes_away`, 'desc')
          .orderBy('staff_id')
          .executeTakeFirst();
        if (!next) break;
        const { staff_id: staffId } = next;
        const isWaitedFor = waitedFor.has(staffId);
        const slice = AbortSignal.any([AbortSignal.timeout(sliceMs), ...(stop ? [stop] : [])]);
        const hurry = isWaitedFor ? {} : { heldMs: hurriedMs };
        const { followed, following, untried } = await settle(next, { stop: slice, ...hurry });
        if (following === 0) people += 1;
        if (following === 0 || (isWaitedFor && (followed === 0 || untried === 0))) passed.add(staffId);
        else if (followed === 0 || untried === 0) waitedFor.add(staffId);
      }
      return people;
    },
  };
};

export interface Settling {
  /** Within a few seconds; what is left then follows by itself. */
  follow(staffId: string): Promise<Followed>;
  /** At once: somebody was changed. */
  again(): void;
  dispose(): Promise<void>;
}

export const createSettling = (ports: SettlePorts & { mayWrite(): boolean }): Settling => {
  const { logger } = ports;
  const settle = createSettlePeople(ports);
  const mends = [{ what: 'people', run: (stop: AbortSignal) => settle.all(stop) }];
  const mending = createMending({ mends, timer: systemTimer, mayWrite: () => ports.mayWrite(), logger });
  return {
    follow: async (staffId) => {
      const followed = await settle.one(staffId, AbortSignal.timeout(answerWithinMs));
      if (followed.following > 0) mending.again();
      return followed;
    },
    again: () => {
      mending.again();
    },
    dispose: () => mending.dispose(),
  };
};
