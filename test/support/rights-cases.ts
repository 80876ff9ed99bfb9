/** Stores of few words, and decisions in few, for tables of cases. */
import { decide, readRights, type Decision } from '#shared/rights/decide.ts';
import type { PersonRights } from '#shared/rights/model.ts';

export const anyone: PersonRights = { staffId: 'anyone' };

export const daily = (
  from: string,
  until: string,
  days: readonly number[] = [1, 2, 3, 4, 5, 6, 7],
): object => ({
  days,
  from,
  until,
});
export const rule = (more: object, group: string | null = null): object => ({ group, ...more });
export const store = (timeZone: unknown, ...rules: readonly object[]): unknown => ({
  timeZone,
  roles: [],
  rules,
});
/** One rule, for every group, of hours alone. */
export const hours = (
  timeZone: string,
  weekly: readonly object[],
  exceptions: readonly object[] = [],
): unknown => store(timeZone, rule({ schedule: { weekly, exceptions } }));

/** Whether `person` may open; `at` in ms since the epoch, or in ISO 8601. */
export const opens = (
  rights: unknown,
  at: string | number,
  person = anyone,
  group: string | null = 'Watches',
): Decision =>
  decide(person, 'open', group, typeof at === 'number' ? at : Date.parse(at), readRights(rights));

/** `allowed`, `needs`, or by what it is refused and the next time in ISO 8601, or `never`. */
export const inWords = (decision: Decision): string => {
  if (decision.kind !== 'refused') return decision.kind;
  const from = decision.from === null ? 'never' : new Date(decision.from).toISOString().replace('.000Z', 'Z');
  return `${decision.by} ${from}`;
};
