import { expect, test as base } from 'vitest';
import type { PulledName } from '../replica.ts';
import { createStandstill } from './standstill.ts';

const test = base
  .extend('cursors', (): Map<PulledName, number> => new Map())
  .extend('anew', (): Set<PulledName> => new Set())
  .extend('standstill', ({ cursors, anew }) =>
    createStandstill({
      cursor: (name) => cursors.get(name) ?? 0,
      isTakenAnew: (name) => anew.has(name),
    }),
  );

test('holds at the point before which a whole pull began, and at no other', ({ standstill }) => {
  expect(standstill.holds('7.ab')).toBe(false);
  standstill.note('7.ab');
  expect(standstill.holds('7.ab')).toBe(true);
  expect(standstill.holds('8.cd')).toBe(false);
  expect(standstill.holds('7.cd')).toBe(false);
});

test('of a backend that says no point, nothing holds', ({ standstill }) => {
  standstill.note(undefined);
  expect(standstill.holds(undefined)).toBe(false);
  standstill.note('7.ab');
  expect(standstill.holds(undefined)).toBe(false);
});

test('what is to be pulled again is asked for', ({ cursors, anew, standstill }) => {
  standstill.note('7.ab');
  cursors.set('trust', 3);
  expect(standstill.holds('7.ab')).toBe(false);
  standstill.note('7.ab');
  anew.add('locks');
  expect(standstill.holds('7.ab')).toBe(false);
});
