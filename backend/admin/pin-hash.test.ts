import { expect, test } from 'vitest';
import { createPinHasher } from './pin-hash.ts';

test('a PIN is hashed with scrypt, N = 2^17, r = 8, p = 1, with a salt of its own each time', async () => {
  const hasher = createPinHasher();
  const [one, other] = [await hasher.hash('582047'), await hasher.hash('582047')];
  expect(one).toMatchObject({ n: 131_072, r: 8, p: 1 });
  expect([one.salt === other.salt, one.hash === other.hash]).toEqual([false, false]);
  expect(await hasher.matches('582047', one)).toBe(true);
  expect(await hasher.matches('582048', one)).toBe(false);
});
