import { expect, test } from 'vitest';
import { createAtRest } from '../keys/at-rest.ts';
import { createPinsAtRest } from '../keys/pins-at-rest.ts';
import { createPinHasher } from './pin-hash.ts';

test('a PIN is hashed with scrypt, N = 2^17, r = 8, p = 1, with a salt of its own each time, and kept encrypted', async () => {
  const pins = createPinsAtRest('tenant', createAtRest('a master secret that is long enough'));
  const hasher = createPinHasher(pins);
  const kept = [await hasher.hash('582047'), await hasher.hash('582047'), hasher.noPinYet()];
  expect(kept.map((each) => Object.keys(each))).toEqual([['sealed'], ['sealed'], ['sealed']]);
  const [one, other, none] = kept.map((each) => pins.open(each));
  expect(one).toMatchObject({ n: 131_072, r: 8, p: 1 });
  expect(none).toMatchObject({ n: 131_072, r: 8, p: 1 });
  expect([one?.salt === other?.salt, one?.hash === other?.hash]).toEqual([false, false]);
  expect(await hasher.matches('582047', kept[0]!)).toBe(true);
  expect(await hasher.matches('582048', kept[0]!)).toBe(false);
  // As a release before left it.
  expect(await hasher.matches('582047', one!)).toBe(true);
});
