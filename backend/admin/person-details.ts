/** What is set for a person besides their PIN, what of it says nothing in their store, and how it is written. */
import type { Selectable } from 'kysely';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { Tables } from '../store/tables.ts';
import { badValue } from './bad-value.ts';
import type { PutStaff } from './contract.ts';

export type PersonRow = Selectable<Tables['staff']>;
export type Details = Pick<
  PersonRow,
  'employee_number' | 'roles' | 'valid_from' | 'valid_until' | 'language'
>;

const kept = <T>(given: T | null | undefined, held: T | null | undefined): T | null =>
  given === undefined ? (held ?? null) : given;

/** What is left out stays as it is. */
export const detailsOf = (given: Partial<PutStaff>, held: Details | undefined): Details => ({
  employee_number: kept(given.employeeNumber, held?.employee_number),
  roles: kept(given.roles, held?.roles),
  valid_from: kept(given.from, held?.valid_from),
  valid_until: kept(given.until, held?.valid_until),
  language: kept(given.language, held?.language),
});

export const isSameDetails = (a: Details, b: Details): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is wrong with them in a store of these rights; null: nothing. */
export const unsound = (
  { roles, valid_from: from, valid_until: until }: Details,
  rights: StoreRights | null,
): ReturnType<typeof badValue> | null => {
  const known = new Set([...Object.keys(givenRoles), ...(rights?.roles ?? []).map(({ roleId }) => roleId)]);
  const stranger = roles?.findIndex((roleId) => !known.has(roleId)) ?? -1;
  if (stranger >= 0) return badValue(`roles.${stranger}`, 'is no role of this store');
  if (from === null && until === null) return null;
  // Whose day begins when is told by the store's time zone.
  if (!rights)
    return badValue(from === null ? 'until' : 'from', 'needs rights of the store, with its time zone');
  return from !== null && until !== null && until < from
    ? badValue('until', 'is before the first day')
    : null;
};

export interface PersonOfStore {
  readonly tenantId: string;
  readonly storeId: string;
  readonly staffId: string;
}

/** What is kept of their PINs, as JSON text. `duressPin` left out stays as it is; null: they have none. */
export interface KeptPins {
  readonly pin: string;
  readonly duressPin?: string | null;
}

/** Takes a version. */
export const writePerson = async (
  { tx, nextVersion }: StoreWrite,
  { tenantId, storeId, staffId }: PersonOfStore,
  name: string,
  { pin, duressPin }: KeptPins,
  details: Details,
): Promise<void> => {
  const values = {
    name,
    pin,
    ...(duressPin === undefined ? {} : { duress_pin: duressPin }),
    ...details,
    roles: details.roles === null ? null : JSON.stringify(details.roles),
    deleted: false,
    version: nextVersion(),
  };
  await tx
    .insertInto('staff')
    .values({ tenant_id: tenantId, store_id: storeId, staff_id: staffId, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'staff_id']).doUpdateSet(values))
    .execute();
};
