import { expect, it } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { tookPlace } from './replacements.ts';

const [old, ...others] = scene.locks();
const next = '0000051a00000199';
const change = { serialNumber: old?.serialNumber ?? '', by: next, name: old?.name ?? '' };

it('a lock has the place of another once it is there under its name, and the other is not', () => {
  if (!old) throw new Error('the store of this test has locks');
  const taken = { ...old, serialNumber: next };
  const at = (...locks: (typeof old)[]) => tookPlace(change, { locks: [...locks, ...others], foreign: [] });
  expect(at(old)).toBe(false);
  expect(at({ ...taken, name: 'Lock 10' })).toBe(false);
  expect(at(old, taken)).toBe(false);
  expect(at(taken)).toBe(true);
  expect(tookPlace(change, null)).toBe(false);
});
