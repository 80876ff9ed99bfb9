/** What an operator sets of a store's rights, and what they come to: who may open what. */
import type { Result } from '#shared/errors/app-error.ts';
import { decide, permissionsAt, readRights, type Rights } from '#shared/rights/decide.ts';
import { groupKey } from '#shared/rights/group-key.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import { holdOrganisation, levelsOf } from '../organisation/levels.ts';
import { sourcesOf } from '../organisation/merge.ts';
import { peopleOf, settleRights } from '../organisation/settle.ts';
import { neverOpens, strangerIn } from '../organisation/sound-merge.ts';
import { allOrNothing } from '../organisation/undo.ts';
import { assignmentsAtStore, assignmentsMay } from '../people/assignment-may.ts';
import type { Db } from '../store/database.ts';
import { writeStore } from '../store/store-write.ts';
import type { GroupMay, MergedRights, PersonMay } from './answers.ts';
import type { PutRights } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';

export interface RightsAdmin {
  /** As they were set for the store itself. Null: none are, or there is no such store. */
  get(storeId: string): Promise<StoreRights | null>;
  /** What they come to with those of its district and organisation, as its kiosks get them. */
  merged(storeId: string): Promise<MergedRights>;
  /**
   * Errors: `enrolment.not_found` when there is no such store; `operator.bad_value` for a rule that opens at no time any more, and
   * for a role that goes while somebody has it.
   */
  put(storeId: string, rights: PutRights, note: NoteAct): Promise<Result<null>>;
  /** As `put`; from then on those of its district and organisation hold, or none. */
  remove(storeId: string, note: NoteAct): Promise<Result<null>>;
  /** What a person may do and open at `at`, ms since the epoch, and through which assignment. Null: the store has nobody of this id. */
  personMay(storeId: string, staffId: string, at: number | undefined): Promise<PersonMay | null>;
  /** Who may open locks of a group at `at`. */
  groupMay(storeId: string, group: string, at: number | undefined): Promise<GroupMay>;
}

export const createRightsAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): RightsAdmin => {
  const { db, tenantId } = ports;
  const missing: Result<null> = { ok: false, error: { code: 'enrolment.not_found', params: {} } };
  const change = (storeId: string, next: PutRights | null, note: NoteAct): Promise<Result<null>> =>
    allOrNothing(db, async (tx) => {
      await holdOrganisation(tx, tenantId);
      const levels = await levelsOf(tx, tenantId, storeId);
      if (!levels) return missing;
      const { store: held, district, organisation } = levels;
      const problem =
        next && (strangerIn(next, [district, organisation]) ?? neverOpens(next, held, ports.now()));
      if (problem) return problem;
      const done = await writeStore(tx, tenantId, storeId, async (write) => {
        await tx
          .updateTable('stores')
          .set({ own_rights: next && JSON.stringify(next), ...(next && { time_zone: next.timeZone }) })
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .execute();
        const settled = await settleRights(write, tenantId, storeId);
        if (settled.ok) await note(tx);
        return settled;
      });
      return done ?? missing;
    });
  const readOf = async (storeId: string): Promise<Rights> =>
    readRights((await levelsOf(db, tenantId, storeId))?.merged);
  /** As staff read them: a group that is written in two ways is one, by whichever came first. */
  const groupsOf = async (storeId: string): Promise<readonly string[]> => {
    const rows = await db
      .selectFrom('locks')
      .select('group_name')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .execute();
    return [...new Map(rows.map(({ group_name: group }) => [groupKey(group), group])).values()].sort();
  };
  return {
    get: async (storeId) => (await levelsOf(db, tenantId, storeId))?.store ?? null,
    merged: async (storeId) => {
      const levels = await levelsOf(db, tenantId, storeId);
      return { rights: levels?.merged ?? null, rules: levels ? sourcesOf(levels) : [] };
    },
    put: change,
    remove: (storeId, note) => change(storeId, null, note),
    personMay: async (storeId, staffId, at = ports.now()) => {
      const people = await peopleOf(db, tenantId, storeId);
      const person = people.find((each) => each.staffId === staffId);
      if (!person) return null;
      const levels = await levelsOf(db, tenantId, storeId);
      const rights = readRights(levels?.merged);
      const store = { storeId, districtId: levels?.districtId ?? null };
      const own = { storeId, roles: person.roles, from: person.from, until: person.until };
      const held = (await assignmentsAtStore(db, { tenantId, staffId }, store)) ?? [own];
      const groups = await groupsOf(storeId);
      return {
        at,
        permissions: permissionsAt(person, at, rights),
        groups: groups.map((group) => ({ group, decision: decide(person, 'open', group, at, rights) })),
        assignments: assignmentsMay(held, groups, at, rights),
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
