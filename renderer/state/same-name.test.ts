import { expect, test } from 'vitest';
import { isTaken } from './same-name.ts';

const lock = (serialNumber: string, name: string, group: string) => ({ serialNumber, name, group });
const store = [lock('1', 'Case 1', 'Spirits'), lock('2', 'Crème', 'Spirits'), lock('3', 'Case 1', 'Razors')];

test.each([
  ['4', 'case 1 ', 'Spirits', true],
  ['4', 'creme', ' spirits', true],
  ['4', 'Case 1', 'Electronics', false],
  ['4', 'Case 10', 'Spirits', false],
  ['4', ' ', 'Spirits', false],
  ['1', 'Case 1', 'Spirits', false],
])('lock %s named “%s” in “%s”: taken is %s', (serial, name, group, taken) => {
  expect(isTaken(lock(serial, name, group), store)).toBe(taken);
});
