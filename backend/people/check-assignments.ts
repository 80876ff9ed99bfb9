/** What of somebody's assignments says nothing where it is: so that whoever reaches a store can be judged there, whichever stores there are. */
import { sql } from 'kysely';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import { badValue } from '../admin/bad-value.ts';
import { levelsOf } from '../organisation/levels.ts';
import type { Tx } from '../store/database.ts';
import type { Assignment } from './assignments.ts';

type Problem = ReturnType<typeof badValue>;
/** By which a person there is judged, at the least; 'missing': there is no such district or store. */
type Known = readonly (StoreRights | null)[] | 'missing';

const knownAt = async (tx: Tx, tenantId: string, { districtId, storeId }: Assignment): Promise<Known> => {
  if (storeId !== undefined) {
    const levels = await levelsOf(tx, tenantId, storeId);
    return levels ? [levels.merged] : 'missing';
  }
  const organisation = await tx
    .selectFrom('organisations')
    .select('rights')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  const above = organisation?.rights ?? null;
  if (districtId === undefined) return [above];
  const district = await tx
    .selectFrom('districts')
    .select('rights')
    .where('tenant_id', '=', tenantId)
    .where('district_id', '=', districtId)
    .executeTakeFirst();
  return district ? [district.rights, above] : 'missing';
};

const isSamePlace = (one: Assignment, other: Assignment): boolean =>
  one.districtId === other.districtId && one.storeId === other.storeId;
const overlap = (one: Assignment, other: Assignment): boolean =>
  (one.from ?? '') <= (other.until ?? '9999-12-31') && (other.from ?? '') <= (one.until ?? '9999-12-31');

/** The first problem; null: none. To be called holding the organisation, as `holdOrganisation` has it. */
export const problemOf = async (
  tx: Tx,
  tenantId: string,
  assignments: readonly Assignment[],
): Promise<Problem | null> => {
  for (const [at, each] of assignments.entries()) {
    const say = (field: string, words: string): Problem => badValue(`assignments.${at}.${field}`, words);
    const { roles, from, until } = each;
    const known = await knownAt(tx, tenantId, each);
    if (known === 'missing')
      return each.storeId === undefined ? say('districtId', 'is no district') : say('storeId', 'is no store');
    const given = new Set([
      ...Object.keys(givenRoles),
      ...known.flatMap((rights) => (rights?.roles ?? []).map(({ roleId }) => roleId)),
    ]);
    const stranger = roles.findIndex((roleId) => !given.has(roleId));
    if (stranger >= 0) return say(`roles.${stranger}`, 'is no role of everywhere that it would hold');
    const isDated = from !== undefined || until !== undefined;
    if (isDated && known.every((rights) => rights === null))
      return say(from === undefined ? 'until' : 'from', 'needs rights there, with a time zone');
    if (from !== undefined && until !== undefined && until < from) return say('until', 'is before from');
    const twin = assignments.findIndex((other) => isSamePlace(each, other) && overlap(each, other));
    if (twin < at) return say('from', `holds on days on which assignments.${twin} holds at the same place`);
  }
  return null;
};

/** Of everybody: whether what was changed of the organisation or a district leaves all of them something to be judged by. */
export const strandedPerson = async (tx: Tx, tenantId: string): Promise<Problem | null> => {
  const people = await tx
    .selectFrom('people')
    .select(['staff_id', 'assignments'])
    .where('tenant_id', '=', tenantId)
    .execute();
  for (const { staff_id: staffId, assignments } of people) {
    const problem = await problemOf(tx, tenantId, assignments);
    if (problem) return badValue('assignments', `of ${staffId} could no longer be judged`);
  }
  return null;
};

export const isAssignedTo = async (tx: Tx, tenantId: string, districtId: string): Promise<boolean> =>
  (await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`assignments @> ${JSON.stringify([{ districtId }])}::jsonb`)
    .executeTakeFirst()) !== undefined;
