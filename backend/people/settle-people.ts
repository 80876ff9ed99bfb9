/** A store's rows of people who are assigned are made from what they are: whoever reaches the store has one there, and nobody else. */
import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import type { Badges } from '#shared/badges/badge-number.ts';
import { atStore, type Bearer } from '../badges/shared-badge.ts';
import type { Tx } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { Tables } from '../store/tables.ts';
import { goneStaff } from '../store/tombstones.ts';
import { rightsInStore, type StoreInDistrict } from './assignments.ts';

type PersonRow = Selectable<Tables['people']>;
type StaffRow = Selectable<Tables['staff']>;
type Store = StoreInDistrict & { readonly hasDuressPins: boolean };

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const ownBadges = (person: PersonRow, others: Badges): Badges | null =>
  person.badges && atStore(person.badges, others);

/** Null: they do not reach the store. */
const rowFor = (person: PersonRow, store: Store, others: Badges) => {
  const rights = rightsInStore(person.assignments, store);
  if (!rights) return null;
  const { roles, from, until, assignments } = rights;
  return {
    name: person.name,
    employee_number: person.employee_number,
    language: person.language,
    pin: JSON.stringify(person.pin),
    duress_pin: store.hasDuressPins ? json(person.duress_pin) : null,
    badges: json(ownBadges(person, others)),
    badges_blocked_at: person.badges_blocked_at,
    roles: json(roles),
    valid_from: from ?? null,
    valid_until: until ?? null,
    assignments: JSON.stringify(assignments),
    deleted: false,
    person_revision: person.revision,
  };
};
type NewRow = NonNullable<ReturnType<typeof rowFor>>;

/** PINs are as of a revision: at rest the same one may be encrypted anew. */
const isAsOf = (row: StaffRow | undefined, next: NewRow): boolean =>
  row?.deleted === false &&
  row.person_revision === next.person_revision &&
  json(row.roles) === next.roles &&
  row.valid_from === next.valid_from &&
  row.valid_until === next.valid_until &&
  isDeepStrictEqual(row.assignments, JSON.parse(next.assignments)) &&
  json(row.badges) === next.badges &&
  (row.duress_pin === null) === (next.duress_pin === null);

const storeOf = async (tx: Tx, tenantId: string, storeId: string): Promise<Store> => {
  const { district_id: districtId, policy } = await tx
    .selectFrom('stores')
    .select(['district_id', 'policy'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .executeTakeFirstOrThrow();
  return { storeId, districtId, hasDuressPins: policy.duressPin === true };
};

/**
 * Of a store that is held. `only`: of this person alone. Takes a version for each row that comes to something else. Tells who has come there
 * who was not, with their badges.
 */
export const settlePeople = async (
  { tx, nextVersion }: StoreWrite,
  tenantId: string,
  storeId: string,
  only: string | null = null,
): Promise<readonly Bearer[]> => {
  const store = await storeOf(tx, tenantId, storeId);
  // Held: whoever changes or erases them waits for this store, and then finds what it has.
  const all = tx.selectFrom('people').selectAll().where('tenant_id', '=', tenantId).forShare();
  const people = await (only === null ? all : all.where('staff_id', '=', only)).orderBy('staff_id').execute();
  const rows = await tx
    .selectFrom('staff')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  /** Whose badge is whose goes by those who are there already. */
  const badgesOf = new Map(
    rows.filter(({ deleted }) => !deleted).map(({ staff_id: staffId, badges }) => [staffId, badges ?? []]),
  );
  const write = async (staffId: string, values: NewRow | typeof goneStaff): Promise<void> => {
    const versioned = { ...values, version: nextVersion() };
    await tx
      .updateTable('staff')
      .set(versioned)
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('staff_id', '=', staffId)
      .execute();
  };
  const came: Bearer[] = [];
  for (const person of people) {
    const { staff_id: staffId } = person;
    const row = rows.find((each) => each.staff_id === staffId);
    badgesOf.delete(staffId);
    const next = rowFor(person, store, [...badgesOf.values()].flat());
    if (next) badgesOf.set(staffId, ownBadges(person, [...badgesOf.values()].flat()) ?? []);
    if (next && row?.deleted !== false) came.push({ staffId, badges: person.badges ?? [] });
    if (next === null) {
      if (row?.deleted === false) await write(staffId, goneStaff);
    } else if (!row) {
      const key = { tenant_id: tenantId, store_id: storeId, staff_id: staffId };
      await tx
        .insertInto('staff')
        .values({ ...key, ...next, version: nextVersion() })
        .execute();
    } else if (!isAsOf(row, next)) await write(staffId, next);
  }
  return came;
};
