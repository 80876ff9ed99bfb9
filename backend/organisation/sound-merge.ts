/** What rights come to must be something that every person and rule of a store can be judged by. */
import { isDeepStrictEqual } from 'node:util';
import { decide, readRights } from '#shared/rights/decide.ts';
import {
  assignmentsOf,
  givenRoles,
  storeRightsSchema,
  type PersonRights,
  type StoreRights,
} from '#shared/rights/model.ts';
import { badValue } from '../admin/bad-value.ts';
import type { PutRights } from '../admin/contract.ts';

type Problem = ReturnType<typeof badValue> | null;
const rolesOf = (...rights: readonly (Pick<StoreRights, 'roles'> | null)[]): ReadonlySet<string> =>
  new Set([
    ...Object.keys(givenRoles),
    ...rights.flatMap((each) => each?.roles ?? []).map(({ roleId }) => roleId),
  ]);

/** Of rules that are to be set: the first role that is none here, nor at a level above. */
export const strangerIn = (next: PutRights, above: readonly (StoreRights | null)[]): Problem => {
  const known = rolesOf(next, ...above);
  for (const [at, { roles = [] }] of next.rules.entries()) {
    const place = roles.findIndex((roleId) => !known.has(roleId));
    if (place >= 0) return badValue(`rules.${at}.roles.${place}`, 'is no role of this store');
  }
  return null;
};

/**
 * The first rule after which nothing would open any more. One that is `held` as it is, and whose last day has passed meanwhile, keeps
 * nobody from changing another.
 */
export const neverOpens = (next: PutRights, held: StoreRights | null, now: number): Problem => {
  const rights = readRights(next);
  const never = next.rules.findIndex((rule) => {
    const decision = decide({ staffId: '' }, 'open', rule.group, now, rights);
    const isOver = decision.kind === 'refused' && decision.from === null;
    return isOver && !held?.rules.some((one) => isDeepStrictEqual(one, rule));
  });
  return never < 0 ? null : badValue(`rules.${never}.schedule`, 'opens at no time any more');
};

/** What would no longer be understood of people, and of rules, where a store comes to `merged`. */
export const strandedBy = (people: readonly PersonRights[], merged: StoreRights | null): Problem => {
  const known = rolesOf(merged);
  const assigned = people.flatMap(assignmentsOf);
  const lost = assigned.flatMap(({ roles }) => roles ?? []).find((roleId) => !known.has(roleId));
  if (lost !== undefined) return badValue('roles', `leaves out ${lost}, which somebody has`);
  const isDated = assigned.some(({ from, until }) => from !== undefined || until !== undefined);
  if (merged === null) return isDated ? badValue('timeZone', 'goes while people have dates') : null;
  const ruled = merged.rules.flatMap((rule) => {
    const { roles } = rule as { roles?: unknown };
    return Array.isArray(roles) ? roles.map(String) : [];
  });
  const gone = ruled.find((roleId) => !known.has(roleId));
  if (gone !== undefined) return badValue('roles', `leaves out ${gone}, by which a rule of a store goes`);
  // Beyond them a kiosk understands none.
  return storeRightsSchema.safeParse(merged).success
    ? null
    : badValue('rules', 'come to too many with those of the other levels');
};
