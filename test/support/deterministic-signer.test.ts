import { expect, test } from 'vitest';
import { verifySignature } from '#kiosk/link/wire/signing.ts';
import { deterministicKey } from './deterministic-signer.ts';

/** RFC 6979, A.2.5: P-256, SHA-256, message "sample". */
test('signs as RFC 6979 publishes it', () => {
  const key = deterministicKey(
    Buffer.from('C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721', 'hex'),
  );
  const data = new TextEncoder().encode('sample');
  const signature = key.sign(data);
  expect(Buffer.from(signature).toString('hex').toUpperCase()).toBe(
    'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716' +
      'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
  );
  expect(verifySignature(key.publicKey, data, signature, 'ieee-p1363')).toBe(true);
});
