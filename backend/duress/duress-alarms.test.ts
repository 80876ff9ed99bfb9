import { expect, test } from 'vitest';
import { duressFor, forcedIn, mergedDuress } from './duress-alarms.ts';

const minute = 60_000;
let count = 0;
const told = (staffId: string, at: number, kioskId = 'counter') => ({
  eventId: String((count += 1)),
  kioskId,
  kioskName: kioskId,
  staffId,
  at,
});

test('what one person is forced to at one kiosk within ten minutes is one alarm', () => {
  const first = told('ann', 0);
  const group = Array.from({ length: 40 }, (_, at) => told('ann', at * 1_000));
  expect(mergedDuress([], [first, ...group])).toEqual([first]);
  const later = told('ann', 11 * minute);
  const others = [told('bob', minute), told('ann', minute, 'back')];
  expect(mergedDuress([first], [...others, later])).toEqual([first, ...others, later]);
});

test('nobody’s gives way to another’s, however many that one makes', () => {
  const bob = told('bob', 0);
  const anns = Array.from({ length: 40 }, (_, at) => told('ann', at * 11 * minute));
  expect(mergedDuress([bob], anns)).toEqual([bob, ...anns.slice(-5)]);
});

test.each(['signed_in', 'sign_in_refused', 'activity_exported', 'locks_exported', 'kiosk_left'] as const)(
  'a duress PIN is told by %s',
  (kind) => {
    expect(forcedIn({ kind, duress: true, staffId: 'ann' })).toBe('ann');
    expect(forcedIn({ kind, staffId: 'ann' })).toBeNull();
  },
);

test('of an opening it is told of whoever confirmed it, and by who signed in of themselves', () => {
  const approver = { staffId: 'bob', method: 'pin', duress: true } as const;
  expect(forcedIn({ kind: 'unlocked', duress: true, staffId: 'ann', approver })).toBe('bob');
  expect(forcedIn({ kind: 'unlocked', duress: true, staffId: 'ann' })).toBeNull();
});

test('a kiosk hears of others, and nothing of its own, also once it is registered anew under its name', () => {
  const all = [told('ann', 1_000), told('bob', 2_000, 'back')];
  const heardBy = (kioskId: string, name: string, registeredAt: number) =>
    (duressFor({ kioskId, name, registeredAt }, all).duress ?? []).map(({ staffId }) => staffId);
  expect(heardBy('counter', 'counter', 0)).toEqual(['bob']);
  expect(heardBy('counter anew', 'counter', 1_500)).toEqual(['bob']);
  expect(heardBy('another that has the same name', 'counter', 0)).toEqual(['ann', 'bob']);
  expect(heardBy('new', 'new', 3_000)).toEqual(['ann', 'bob']);
});
