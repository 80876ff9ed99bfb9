import { expect, test } from 'vitest';
import { makeCertificate } from '#support/certificate-maker.ts';
import { day, intermediateRequest, leaf, rootKey, worldNow } from '#support/link-world.ts';
import { createCertificateCache } from './certificate-cache.ts';
import { readCertificate } from '../wire/certificates.ts';
import type { VerifiedIntermediate } from '../wire/chain-policy.ts';
import { certificateHash } from '../wire/edhoc/credentials.ts';

const endingIn = (days: number): VerifiedIntermediate => {
  const der = makeCertificate(intermediateRequest({ notAfter: worldNow + days * day }), rootKey);
  return { hash: certificateHash(der), certificate: readCertificate(der) };
};
const [old, renewed, newest] = [endingIn(1), endingIn(2), endingIn(3)];

test('keeps an intermediate and its renewal, the one that was used last first, and no third', () => {
  const cache = createCertificateCache();
  for (const intermediate of [old, renewed, old]) cache.remember(leaf, intermediate);
  expect(cache.intermediates()).toEqual([old, renewed]);
  cache.remember(leaf, newest);
  expect(cache.intermediates()).toEqual([newest, old]);
});

test('keeps the Key Certificate that was accepted last, and forgets everything when it is told to', () => {
  const cache = createCertificateCache();
  cache.remember(Uint8Array.of(1), old);
  cache.remember(leaf, old);
  expect(cache.leaf()).toEqual(leaf);
  cache.clear();
  expect([cache.leaf(), cache.intermediates()]).toEqual([null, []]);
});
