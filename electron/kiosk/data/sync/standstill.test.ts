import { beforeEach, expect, test } from 'vitest';
import type { PulledName } from '../replica.ts';
import { createStandstill, type Standstill } from './standstill.ts';

let cursors: Map<PulledName, number>;
let anew: Set<PulledName>;
let standstill: Standstill;
beforeEach(() => {
  cursors = new Map();
  anew = new Set();
  standstill = createStandstill({
    cursor: (name) => cursors.get(name) ?? 0,
    isTakenAnew: (name) => anew.has(name),
  });
});

test('holds at the point before which a whole pull began, and at no other', () => {
  expect(standstill.holds('7.ab')).toBe(false);
  standstill.note('7.ab');
  expect(standstill.holds('7.ab')).toBe(true);
  expect(standstill.holds('8.cd')).toBe(false);
  expect(standstill.holds('7.cd')).toBe(false);
});

test('of a backend that says no point, nothing holds', () => {
  standstill.note(undefined);
  expect(standstill.holds(undefined)).toBe(false);
  standstill.note('7.ab');
  expect(standstill.holds(undefined)).toBe(false);
});

test('what is to be pulled again is asked for', () => {
  standstill.note('7.ab');
  cursors.set('trust', 3);
  expect(standstill.holds('7.ab')).toBe(false);
  standstill.note('7.ab');
  anew.add('locks');
  expect(standstill.holds('7.ab')).toBe(false);
});
