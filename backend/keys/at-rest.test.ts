import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAtRest } from './at-rest.ts';

const secret = 'a master secret that is long enough';

test('what is encrypted comes back, under its own context only', () => {
  const atRest = createAtRest(secret);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), fc.string(), (plain, context, other) => {
      const encrypted = atRest.encrypt(plain, context);
      expect(new Uint8Array(atRest.decrypt(encrypted, context))).toEqual(plain);
      if (other !== context) expect(() => atRest.decrypt(encrypted, other)).toThrow();
    }),
  );
});

test('a changed byte, or another master secret, does not open it', () => {
  const encrypted = createAtRest(secret).encrypt(Buffer.from('key'), 'row');
  expect(() => createAtRest(`${secret}!`).decrypt(encrypted, 'row')).toThrow();
  for (let index = 0; index < encrypted.length; index++) {
    const changed = Buffer.from(encrypted);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => createAtRest(secret).decrypt(changed, 'row')).toThrow();
  }
});

test('reads under both secrets and brings a value under the present one, once', () => {
  const before = createAtRest(secret);
  const next = `${secret} next`;
  const encrypted = before.encrypt(Buffer.from('key'), 'row');
  const changing = createAtRest(next, secret);
  expect(changing.decrypt(encrypted, 'row').toString()).toBe('key');
  const renewed = changing.renew(encrypted, 'row');
  expect(renewed && createAtRest(next).decrypt(renewed, 'row').toString()).toBe('key');
  expect(renewed && changing.renew(renewed, 'row')).toBeNull();
  expect(() => changing.renew(encrypted, 'another row')).toThrow();
  expect(() => createAtRest(next, `${secret}!`).renew(encrypted, 'row')).toThrow();
});
