/** What the vendor delivers, judged where it arrives: each row as the kiosk and the lock would judge it, and nothing ever throws. */
import { describe, expect, test } from 'vitest';
import { checkChain, type ChainReason } from '#kiosk/link/wire/chain-policy.ts';
import { oids } from '#kiosk/link/wire/oids.ts';
import {
  commonName,
  extension,
  extensions,
  integer,
  makeCertificate,
  serialName,
  type CertificateRequest,
} from '#support/certificate-maker.ts';
import {
  customerKey,
  customerName,
  day,
  expectations,
  intermediate,
  intermediateRequest,
  keyCalled,
  leaf,
  leafRequest,
  privateKeyCalled,
  rootKey,
  rootName,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { judgeIntermediate, judgeKey } from './judge.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const stranger = keyCalled('stranger');
const unknown = extension('1.3.6.1.4.1.32473.1.9.9', integer(1), true);

const rootOf = (key = rootKey, change: Partial<CertificateRequest> = {}): Uint8Array =>
  makeCertificate(
    intermediateRequest({
      issuer: rootName,
      subject: rootName,
      publicKey: key.publicKey,
      extensions: [extensions.ca(null), extensions.keyUsage(5)],
      ...change,
    }),
    key,
  );
const root = rootOf();
const leafOf = (change: Partial<CertificateRequest>, signer = customerKey): Uint8Array =>
  makeCertificate(leafRequest(change), signer);
const intermediateOf = (change: Partial<CertificateRequest> = {}, signer = rootKey): Uint8Array =>
  makeCertificate(intermediateRequest(change), signer);
const epochOf = (epoch: number): Uint8Array[] => [
  extensions.ca(0),
  extensions.keyUsage(5),
  extensions.customerEpoch(epoch),
];

const keyFault = (keyCertificate: Uint8Array, privateKey = privateKeyCalled('lock key')) =>
  judgeKey(
    { serialNumber: worldSerial, keyCertificate: base64(keyCertificate), privateKey: base64(privateKey) },
    { serialNumber: worldSerial, intermediate: base64(intermediate), now: worldNow },
  );

const fault = (
  certificate: Uint8Array,
  { held, from = root, at = worldNow }: { held?: Uint8Array; from?: Uint8Array; at?: number } = {},
) =>
  judgeIntermediate(
    { owner: 'Customer', certificate: base64(certificate), root: base64(from) },
    held && { certificate: base64(held) },
    at,
  );

/** What both ends of the link say of the same certificates. */
const ends = (chain: readonly Uint8Array[]): ChainReason | null => {
  const verdict = checkChain(chain, expectations({ keyPublic: null, customerKey: null }));
  return verdict.ok ? null : verdict.reason;
};

const [signing, usage, keyEpoch] = leafRequest().extensions as [Uint8Array, Uint8Array, Uint8Array];

describe('a Key Certificate that the vendor gave', () => {
  test('is taken as it was issued, and under an intermediate that has lapsed', () => {
    expect(keyFault(leaf)).toBeNull();
    expect(ends([leaf, intermediate])).toBeNull();
    const lapsed = base64(intermediateOf({ notAfter: worldNow - day }));
    const material = { serialNumber: worldSerial, keyCertificate: base64(leaf) };
    expect(
      judgeKey(
        { ...material, privateKey: base64(privateKeyCalled('lock key')) },
        { serialNumber: worldSerial, intermediate: lapsed, now: worldNow },
      ),
    ).toBeNull();
  });

  test.each([
    ['of another lock', leafOf({ subject: serialName('0000051a00000006') }), 'key_other_serial'],
    ['that names no lock', leafOf({ subject: commonName('A key') }), 'key_other_serial'],
    ['signed by a stranger', leafOf({}, stranger), 'key_not_signed_by_intermediate'],
    [
      'of another customer',
      leafOf({ issuer: commonName('Other') }, stranger),
      'key_not_signed_by_intermediate',
    ],
    [
      'signed by the customer in another’s name',
      leafOf({ issuer: commonName('Other') }),
      'key_not_signed_by_intermediate',
    ],
    ['that has expired', leafOf({ notAfter: worldNow - 1000 }), 'key_expired'],
    [
      'that is an authority',
      leafOf({ extensions: [extensions.ca(0), signing, usage, keyEpoch] }),
      'key_is_ca',
    ],
    [
      'that may sign certificates',
      leafOf({ extensions: [extensions.keyUsage(0, 5), usage, keyEpoch] }),
      'key_usage',
    ],
    ['without a usage', leafOf({ extensions: [usage, keyEpoch] }), 'key_usage'],
    [
      'that is a device certificate',
      leafOf({ extensions: [signing, extensions.usage(oids.deviceUsage), keyEpoch] }),
      'key_extended_usage',
    ],
    [
      'whose purpose is not critical',
      leafOf({ extensions: [signing, extensions.usage(oids.keyUsage, false), keyEpoch] }),
      'key_extended_usage',
    ],
    ['without an epoch', leafOf({ extensions: [signing, usage] }), 'key_epoch_missing'],
    [
      'with something critical that nobody knows',
      leafOf({ extensions: [signing, usage, keyEpoch, unknown] }),
      'unknown_critical_extension',
    ],
    [
      'with an extension twice',
      leafOf({ extensions: [signing, usage, keyEpoch, keyEpoch] }),
      'certificate_malformed',
    ],
    ['with something behind it', Buffer.concat([leaf, Buffer.from([0])]), 'certificate_malformed'],
    ['that is the intermediate', intermediate, 'key_is_ca'],
  ] as const)('%s is refused, as both ends of the link would', (_, certificate, reason) => {
    expect(keyFault(certificate)).toBe(reason);
    expect(ends([certificate, intermediate])).toBe(reason);
  });

  test('with the private key of another, or none, is refused', () => {
    expect(keyFault(leaf, privateKeyCalled('stranger'))).toBe('key_other_key');
    expect(keyFault(leaf, Buffer.from('no key'))).toBe('key_other_key');
  });

  test('cut off anywhere, or with any byte changed, is refused', () => {
    for (let at = 0; at < leaf.length; at += 1) {
      expect(keyFault(leaf.subarray(0, at)), `cut at ${at}`).toBe('certificate_malformed');
      const changed = Uint8Array.from(leaf);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(keyFault(changed), `changed at ${at}`).not.toBeNull();
    }
  });

  test('as text is refused: a kiosk could not read it', () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${base64(leaf)}\n-----END CERTIFICATE-----\n`;
    expect(keyFault(Buffer.from(pem))).toBe('certificate_malformed');
  });
});

describe('an intermediate that the vendor delivered', () => {
  const longer = { notBefore: worldNow, notAfter: worldNow + 30 * day };

  test('is taken as it was issued, again, and renewed', () => {
    expect(fault(intermediate)).toBeNull();
    expect(fault(intermediate, { held: intermediate })).toBeNull();
    expect(fault(intermediateOf(longer), { held: intermediate })).toBeNull();
    expect(fault(intermediateOf({ extensions: epochOf(2) }), { held: intermediate })).toBeNull();
  });

  const [ca, certSign, epoch] = epochOf(1) as [Uint8Array, Uint8Array, Uint8Array];
  test.each([
    ['signed by a stranger', intermediateOf({}, stranger), 'intermediate_not_signed_by_root'],
    ['that has lapsed', intermediateOf({ notAfter: worldNow - 1000 }), 'intermediate_expired'],
    ['that is no authority', intermediateOf({ extensions: [certSign, epoch] }), 'intermediate_not_ca'],
    [
      'that may make others',
      intermediateOf({ extensions: [extensions.ca(1), certSign, epoch] }),
      'intermediate_path_length',
    ],
    [
      'that may make any number of others',
      intermediateOf({ extensions: [extensions.ca(null), certSign, epoch] }),
      'intermediate_path_length',
    ],
    [
      'that may sign anything',
      intermediateOf({ extensions: [ca, extensions.keyUsage(0, 5), epoch] }),
      'intermediate_key_usage',
    ],
    ['without an epoch', intermediateOf({ extensions: [ca, certSign] }), 'intermediate_epoch_missing'],
    [
      'with something critical that nobody knows',
      intermediateOf({ extensions: [ca, certSign, epoch, unknown] }),
      'unknown_critical_extension',
    ],
    ['that is a Key Certificate', leaf, 'intermediate_not_ca'],
  ] as const)('%s is refused, as both ends of the link would', (_, certificate, reason) => {
    expect(fault(certificate)).toBe(reason);
    expect(ends([leaf, certificate])).toBe(reason);
  });

  test('of a root that came with it and did not sign it, or is none, is refused', () => {
    expect(fault(intermediate, { from: rootOf(stranger) })).toBe('intermediate_not_signed_by_root');
    expect(fault(intermediate, { from: intermediate })).toBe('intermediate_not_signed_by_root');
    const noAuthority = rootOf(rootKey, { extensions: [extensions.keyUsage(5)] });
    expect(fault(intermediate, { from: noAuthority })).toBe('intermediate_not_signed_by_root');
    expect(fault(intermediate, { from: new Uint8Array(8) })).toBe('intermediate_not_signed_by_root');
  });

  test('of another customer is refused: by its name, or by another key than is held', () => {
    expect(fault(intermediateOf({ subject: commonName('Other') }))).toBe('other_customer');
    const otherKey = intermediateOf({ publicKey: stranger.publicKey, subject: customerName });
    expect(fault(otherKey)).toBeNull();
    expect(fault(otherKey, { held: intermediate })).toBe('other_customer');
  });

  test('of an older epoch than is held is refused', () => {
    const held = intermediateOf({ extensions: epochOf(2) });
    expect(fault(intermediateOf({ ...longer, extensions: epochOf(1) }), { held })).toBe(
      'intermediate_epoch_revoked',
    );
  });

  test('that has lapsed is taken only where it takes back what is held', () => {
    const lapsed = (number: number) =>
      intermediateOf({ notAfter: worldNow - 1000, extensions: epochOf(number) });
    expect(fault(lapsed(1), { held: intermediate })).toBe('intermediate_expired');
    expect(fault(lapsed(2), { held: intermediate })).toBeNull();
  });

  test('cut off anywhere, or with any byte changed, is refused', () => {
    for (let at = 0; at < intermediate.length; at += 1) {
      expect(fault(intermediate.subarray(0, at)), `cut at ${at}`).toBe('certificate_malformed');
      const changed = Uint8Array.from(intermediate);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(fault(changed), `changed at ${at}`).not.toBeNull();
    }
  });
});
