/** What of somebody's assignments says nothing where it is: so that whoever reaches a store can be judged there, whichever stores there are. */
import { sql } from 'kysely';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import { badValue } from '../admin/bad-value.ts';
import type { Tx } from '../store/database.ts';
import type { Assignment } from './assignments.ts';

type Problem = ReturnType<typeof badValue>;
/** By which a person there is judged, at the least; 'missing': there is no such district or store. */
type Known = readonly (StoreRights | null)[] | 'missing';

type KnownAt = (assignment: Assignment) => Known;

/** Read at once for whatever all of them name: an organisation has thousands of stores, and as many who are assigned. */
const readKnown = async (tx: Tx, tenantId: string, all: readonly Assignment[]): Promise<KnownAt> => {
  const organisation = await tx
    .selectFrom('organisations')
    .select('rights')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  const districts = await tx
    .selectFrom('districts')
    .select(['district_id', 'rights'])
    .where('tenant_id', '=', tenantId)
    .execute();
  const named = [...new Set(all.flatMap(({ storeId }) => storeId ?? []))];
  const stores = await tx
    .selectFrom('stores')
    .select(['store_id', 'rights'])
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`store_id = ANY(${named}::uuid[])`)
    .execute();
  const above = organisation?.rights ?? null;
  const ofDistrict = new Map(districts.map((row) => [row.district_id, row.rights]));
  const ofStore = new Map(stores.map((row) => [row.store_id, row.rights]));
  return ({ districtId, storeId }) => {
    if (storeId !== undefined) {
      const rights = ofStore.get(storeId);
      return rights === undefined ? 'missing' : [rights];
    }
    if (districtId === undefined) return [above];
    const rights = ofDistrict.get(districtId);
    return rights === undefined ? 'missing' : [rights, above];
  };
};

const isSamePlace = (one: Assignment, other: Assignment): boolean =>
  one.districtId === other.districtId && one.storeId === other.storeId;
const overlap = (one: Assignment, other: Assignment): boolean =>
  (one.from ?? '') <= (other.until ?? '9999-12-31') && (other.from ?? '') <= (one.until ?? '9999-12-31');

const problemAt = (assignments: readonly Assignment[], knownAt: KnownAt): Problem | null => {
  for (const [at, each] of assignments.entries()) {
    const say = (field: string, words: string): Problem => badValue(`assignments.${at}.${field}`, words);
    const { roles, from, until } = each;
    const known = knownAt(each);
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
    if (from !== undefined && until !== undefined && until < from)
      return say('until', 'is before the first day');
    const twin = assignments.findIndex((other) => isSamePlace(each, other) && overlap(each, other));
    if (twin < at) return say('from', `holds on days on which assignments.${twin} holds at the same place`);
  }
  return null;
};

/** The first problem; null: none. To be called holding the organisation, as `holdOrganisation` has it. */
export const assignmentProblem = async (
  tx: Tx,
  tenantId: string,
  assignments: readonly Assignment[],
): Promise<Problem | null> => problemAt(assignments, await readKnown(tx, tenantId, assignments));

/** Of everybody: whether what was changed of the organisation or a district leaves all of them something to be judged by. */
export const strandedPerson = async (tx: Tx, tenantId: string): Promise<Problem | null> => {
  const people = await tx
    .selectFrom('people')
    .select(['staff_id', 'assignments'])
    .where('tenant_id', '=', tenantId)
    .orderBy('staff_id')
    .execute();
  const known = await readKnown(
    tx,
    tenantId,
    people.flatMap(({ assignments }) => assignments),
  );
  const stranded = people.find(({ assignments }) => problemAt(assignments, known) !== null);
  return stranded ? badValue('assignments', `of ${stranded.staff_id} could no longer be judged`) : null;
};

export const isAssignedTo = async (tx: Tx, tenantId: string, districtId: string): Promise<boolean> =>
  (await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`assignments @> ${JSON.stringify([{ districtId }])}::jsonb`)
    .executeTakeFirst()) !== undefined;
