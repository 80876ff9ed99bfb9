/** What no certificate of the profile looks like: docs/link.md, "Certificates". */
import { describe, expect, test } from 'vitest';
import { der, extension, integer, makeCertificate, oid, serialName } from '#support/certificate-maker.ts';
import { customerKey, leafRequest, worldSerial } from '#support/link-world.ts';
import { concatBytes } from './bytes.ts';
import { maxCertificate, readCertificate } from './certificates.ts';
import { oids } from './oids.ts';

/** Its signature has the same length every time; reading does not look at it. */
const signer = { publicKey: customerKey.publicKey, sign: () => new Uint8Array(64).fill(7) };

/** A Key Certificate of `length` bytes, by an extension that nobody looks at. */
const ofLength = (length: number): Uint8Array => {
  const padded = (padding: number): Uint8Array => {
    const own = extension('1.2.3.4', der(0x04, new Uint8Array(padding)));
    return makeCertificate(leafRequest({ extensions: [...leafRequest().extensions, own] }), signer);
  };
  const probe = 500;
  return padded(probe + length - padded(probe).length);
};

test('has 1024 bytes at the most', () => {
  const longest = ofLength(maxCertificate);
  expect([longest.length, readCertificate(longest).subjectSerialNumber]).toEqual([1024, worldSerial]);
  const tooLong = ofLength(maxCertificate + 1);
  expect(tooLong.length).toBe(1025);
  expect(() => readCertificate(tooLong)).toThrow('too long');
});

const ecdsaWithSha384 = '1.2.840.10045.4.3.3';

describe('is refused', () => {
  const good = makeCertificate(leafRequest(), customerKey);
  const sha256Name = Buffer.from(oid(oids.ecdsaWithSha256));
  const inner = Buffer.from(good).indexOf(sha256Name);
  const outer = Buffer.from(good).lastIndexOf(sha256Name);

  test.each([
    ['inside', inner],
    ['outside', outer],
  ])('with another algorithm %s of what is signed', (_where, at) => {
    expect(inner).not.toBe(outer);
    const other = Uint8Array.from(good);
    other.set(oid(ecdsaWithSha384), at);
    expect(() => readCertificate(other)).toThrow('algorithm');
    expect(readCertificate(good).subjectSerialNumber).toBe(worldSerial);
  });

  test('with two serial numbers in its subject', () => {
    const [first, second] = [worldSerial, '0000051a00000006'].map((serial) => serialName(serial).subarray(2));
    const subject = der(0x30, concatBytes([first ?? new Uint8Array(), second ?? new Uint8Array()]));
    expect(() => readCertificate(makeCertificate(leafRequest({ subject }), customerKey))).toThrow(
      'serialNumber attribute',
    );
  });

  test('with bytes after its end', () => {
    expect(() => readCertificate(concatBytes([good, integer(1)]))).toThrow(/^malformed/);
  });
});
