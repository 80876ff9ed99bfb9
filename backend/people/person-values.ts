/** What is kept of somebody who is assigned: made from their rows in stores, and whether it is what is kept already. */
import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import { joinBadges } from '#shared/badges/change-badges.ts';
import type { Tables } from '../store/tables.ts';

/** Of somebody who was in several stores: all their badges, and every block. */
export const badgesOfAll = (
  rows: readonly Pick<Selectable<Tables['staff']>, 'badges' | 'badges_blocked_at'>[],
) => {
  const badges = joinBadges(rows.map((row) => row.badges ?? []));
  const times = rows.flatMap(({ badges_blocked_at: at }) => (at === null ? [] : [at]));
  return {
    badges: badges.length > 0 ? JSON.stringify(badges) : null,
    badges_blocked_at: times.length > 0 ? Math.max(...times) : null,
  };
};

/** Badges aside: these are given and blocked by themselves. */
export const isSamePerson = (
  now: Pick<
    Selectable<Tables['people']>,
    'name' | 'pin' | 'duress_pin' | 'employee_number' | 'language' | 'assignments'
  >,
  next: {
    readonly name: string;
    readonly pin: string;
    readonly duress_pin: string | null;
    readonly employee_number: string | null;
    readonly language: string | null;
    readonly assignments: string;
  },
): boolean =>
  now.name === next.name &&
  JSON.stringify(now.pin) === next.pin &&
  (now.duress_pin === null ? null : JSON.stringify(now.duress_pin)) === next.duress_pin &&
  now.employee_number === next.employee_number &&
  now.language === next.language &&
  isDeepStrictEqual(now.assignments, JSON.parse(next.assignments));

/** Whether a store that does not know `next` yet lets them do what they may not any more: by a PIN of before, or where they were assigned. */
export const takesAway = (
  now: Pick<Selectable<Tables['people']>, 'pin' | 'assignments'>,
  next: { readonly pin: string; readonly assignments: string },
): boolean => {
  const assignments = JSON.parse(next.assignments) as readonly unknown[];
  return (
    JSON.stringify(now.pin) !== next.pin ||
    !now.assignments.every((held) => assignments.some((each) => isDeepStrictEqual(held, each)))
  );
};
