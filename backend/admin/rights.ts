/** What an operator sets of a store's rights, and what they come to: who may open what. */
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { decide, permissionsOf, readRights, type Rights } from '#shared/rights/decide.ts';
import { groupKey } from '#shared/rights/group-key.ts';
import { givenRoles, type PersonRights, type StoreRights } from '#shared/rights/model.ts';
import type { Db, Tx } from '../store/database.ts';
import { personFields } from '../store/person-rights.ts';
import { changeStore } from '../store/store-write.ts';
import type { GroupMay, PersonMay } from './answers.ts';
import { badValue } from './bad-value.ts';
import type { PutRights } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';

export interface RightsAdmin {
  /** Null: none are set, or there is no such store. */
  get(storeId: string): Promise<StoreRights | null>;
  /**
   * Errors: `enrolment.not_found` when there is no such store; `operator.bad_value` for a rule that opens at no time any more, and
   * for a role that goes while somebody has it.
   */
  put(storeId: string, rights: PutRights, note: NoteAct): Promise<Result<null>>;
  /** As `put`; no rules hold from then on. */
  remove(storeId: string, note: NoteAct): Promise<Result<null>>;
  /** What a person may do and open at `at`, ms since the epoch. Null: the store has nobody of this id. */
  personMay(storeId: string, staffId: string, at: number | undefined): Promise<PersonMay | null>;
  /** Who may open locks of a group at `at`. */
  groupMay(storeId: string, group: string, at: number | undefined): Promise<GroupMay>;
}

interface Person extends PersonRights {
  readonly name: string;
}

const peopleOf = async (tx: Db, tenantId: string, storeId: string): Promise<Person[]> => {
  const rows = await tx
    .selectFrom('staff')
    .select(['staff_id', 'name', 'employee_number', 'roles', 'valid_from', 'valid_until'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('staff_id')
    .execute();
  return rows.map((row) => ({ staffId: row.staff_id, name: row.name, ...personFields(row) }));
};

/** What would no longer be understood of people without the roles of `next`; null: nothing. */
const stranded = (people: readonly Person[], next: PutRights | null): Result<never> | null => {
  const known = new Set([...Object.keys(givenRoles), ...(next?.roles ?? []).map(({ roleId }) => roleId)]);
  const lost = people.flatMap(({ roles }) => roles ?? []).find((roleId) => !known.has(roleId));
  if (lost !== undefined) return badValue('roles', `leaves out ${lost}, which somebody has`);
  const isDated = people.some(({ from, until }) => from !== undefined || until !== undefined);
  return next === null && isDated ? badValue('timeZone', 'goes while people have dates') : null;
};

/**
 * The place of the first rule after which nothing would open any more; -1: there is none. One that is `held` as it is, and whose last
 * day has passed meanwhile, keeps nobody from changing another.
 */
const neverOpens = (next: PutRights, held: StoreRights | null, now: number): number => {
  const rights = readRights(next);
  return next.rules.findIndex((rule) => {
    const decision = decide({ staffId: '' }, 'open', rule.group, now, rights);
    const isOver = decision.kind === 'refused' && decision.from === null;
    return isOver && !held?.rules.some((one) => isDeepStrictEqual(one, rule));
  });
};

export const createRightsAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): RightsAdmin => {
  const { db, tenantId } = ports;
  const get = async (tx: Db, storeId: string): Promise<StoreRights | null> => {
    const row = await tx
      .selectFrom('stores')
      .select('rights')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst();
    return row?.rights ?? null;
  };
  const set = async (tx: Tx, storeId: string, rights: PutRights | null, version: number): Promise<void> => {
    await tx
      .updateTable('stores')
      .set({ rights: rights && JSON.stringify(rights), version })
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .execute();
  };
  const change = async (
    storeId: string,
    next: PutRights | null,
    note: NoteAct,
  ): Promise<Result<null> | null> =>
    changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
      const problem = stranded(await peopleOf(tx, tenantId, storeId), next);
      if (problem) return problem;
      if (!isDeepStrictEqual(await get(tx, storeId), next)) await set(tx, storeId, next, nextVersion());
      await note(tx);
      return ok(null);
    });
  const missing: Result<null> = { ok: false, error: { code: 'enrolment.not_found', params: {} } };
  const readOf = async (storeId: string): Promise<Rights> => readRights(await get(db, storeId));
  return {
    get: (storeId) => get(db, storeId),
    put: async (storeId, next, note) => {
      const never = neverOpens(next, await get(db, storeId), ports.now());
      if (never >= 0) return badValue(`rules.${never}.schedule`, 'opens at no time any more');
      return (await change(storeId, next, note)) ?? missing;
    },
    remove: async (storeId, note) => (await change(storeId, null, note)) ?? missing,
    personMay: async (storeId, staffId, at = ports.now()) => {
      const people = await peopleOf(db, tenantId, storeId);
      const person = people.find((each) => each.staffId === staffId);
      if (!person) return null;
      const rights = await readOf(storeId);
      const rows = await db
        .selectFrom('locks')
        .select('group_name')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('deleted', '=', false)
        .execute();
      // As staff read them: a group that is written in two ways is one, by whichever came first.
      const groups = new Map(rows.map(({ group_name: group }) => [groupKey(group), group]));
      return {
        at,
        permissions: permissionsOf(person, rights),
        groups: [...groups.values()]
          .sort()
          .map((group) => ({ group, decision: decide(person, 'open', group, at, rights) })),
      };
    },
    groupMay: async (storeId, group, at = ports.now()) => {
      const rights = await readOf(storeId);
      const people = await peopleOf(db, tenantId, storeId);
      return {
        at,
        people: people.map((person) => ({
          staffId: person.staffId,
          name: person.name,
          decision: decide(person, 'open', group, at, rights),
        })),
      };
    },
  };
};
