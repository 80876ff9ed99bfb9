/** The chain policy, row by row: each is judged as the kiosk judges it, and again by a lock at the end of a real session. */
import { describe, expect, test } from 'vitest';
import {
  commonName,
  der,
  extension,
  extensions,
  integer,
  makeCertificate,
  oid,
  serialName,
  type CertificateRequest,
} from '#support/certificate-maker.ts';
import type { DeterministicKey } from '#support/deterministic-signer.ts';
import {
  customerKey,
  day,
  expectations,
  intermediate,
  intermediateRequest,
  keyCalled,
  kioskEnd,
  leaf,
  leafRequest,
  lockEnd,
  lockKey,
  rootKey,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { checkChain, chainReasons, type ChainExpectations, type ChainReason } from './chain-policy.ts';
import { oids } from './oids.ts';

interface Row {
  readonly leaf?: Uint8Array;
  readonly intermediate?: Uint8Array;
  readonly expect?: Partial<ChainExpectations>;
  /** Whose private key the kiosk holds, where it is not the genuine one. */
  readonly signer?: DeterministicKey;
}

const stranger = keyCalled('stranger');
const unknown = extension('1.3.6.1.4.1.32473.1.9.9', integer(1), true);
const leafOf = (change: Partial<CertificateRequest>, signer = customerKey): Uint8Array =>
  makeCertificate(leafRequest(change), signer);
const intermediateOf = (change: Partial<CertificateRequest>, signer = rootKey): Uint8Array =>
  makeCertificate(intermediateRequest(change), signer);
const [ca, certSign, customerEpoch] = intermediateRequest().extensions as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const [signing, usage, keyEpoch] = leafRequest().extensions as [Uint8Array, Uint8Array, Uint8Array];

const renewed = intermediateOf({
  notBefore: worldNow + 7 * day,
  notAfter: worldNow + 30 * day,
});

const accepted: [string, Row][] = [
  ['a chain as issued', {}],
  [
    'an old Key Certificate under the renewed intermediate',
    { intermediate: renewed, expect: { now: worldNow + 15 * day } },
  ],
  ['the last moment of the intermediate', { expect: { now: worldNow + 14 * day } }],
  [
    'the first moment of the intermediate, and the last of the Key Certificate',
    { leaf: leafOf({ notAfter: worldNow }), intermediate: intermediateOf({ notBefore: worldNow }) },
  ],
  ['a second root', { expect: { roots: [stranger.publicKey, rootKey.publicKey] } }],
  [
    'a higher customer epoch than needed',
    { intermediate: intermediateOf({ extensions: [ca, certSign, extensions.customerEpoch(7)] }) },
  ],
  [
    'an intermediate that may sign revocation lists too',
    { intermediate: intermediateOf({ extensions: [ca, extensions.keyUsage(5, 6), customerEpoch] }) },
  ],
  ['a lock that is bound to no customer yet', { expect: { customerKey: null } }],
  ['an intermediate that begins later than this end believes it to be', { intermediate: renewed }],
  [
    'an unknown extension that is not critical',
    { leaf: leafOf({ extensions: [signing, usage, keyEpoch, extension('1.2.3.4', integer(1))] }) },
  ],
  [
    'a leaf that says outright that it is no CA',
    {
      leaf: leafOf({
        extensions: [extension(oids.basicConstraints, der(0x30), true), signing, usage, keyEpoch],
      }),
    },
  ],
];

const refused: [ChainReason, string, Row][] = [
  [
    'certificate_malformed',
    'an intermediate that is no certificate',
    { intermediate: Uint8Array.of(0x30, 0) },
  ],
  [
    'certificate_malformed',
    'an extension twice',
    { intermediate: intermediateOf({ extensions: [ca, ca, certSign, customerEpoch] }) },
  ],
  [
    'unknown_critical_extension',
    'in the intermediate',
    { intermediate: intermediateOf({ extensions: [ca, certSign, customerEpoch, unknown] }) },
  ],
  [
    'unknown_critical_extension',
    'in the leaf',
    { leaf: leafOf({ extensions: [signing, usage, keyEpoch, unknown] }) },
  ],
  [
    'intermediate_not_ca',
    'no basicConstraints',
    { intermediate: intermediateOf({ extensions: [certSign, customerEpoch] }) },
  ],
  [
    'intermediate_path_length',
    'none given',
    { intermediate: intermediateOf({ extensions: [extensions.ca(null), certSign, customerEpoch] }) },
  ],
  [
    'intermediate_path_length',
    'one',
    { intermediate: intermediateOf({ extensions: [extensions.ca(1), certSign, customerEpoch] }) },
  ],
  ['intermediate_key_usage', 'absent', { intermediate: intermediateOf({ extensions: [ca, customerEpoch] }) }],
  [
    'intermediate_key_usage',
    'signing data beside certificates',
    { intermediate: intermediateOf({ extensions: [ca, extensions.keyUsage(0, 5), customerEpoch] }) },
  ],
  [
    'intermediate_epoch_missing',
    'no epoch',
    { intermediate: intermediateOf({ extensions: [ca, certSign] }) },
  ],
  ['intermediate_not_signed_by_root', 'a foreign root', { intermediate: intermediateOf({}, stranger) }],
  ['intermediate_not_signed_by_root', 'signed by itself', { intermediate: intermediateOf({}, customerKey) }],
  ['intermediate_expired', 'a second past its end', { expect: { now: worldNow + 14 * day + 1000 } }],
  ['intermediate_epoch_revoked', 'below the highest seen', { expect: { minCustomerEpoch: 2 } }],
  [
    'other_customer',
    'a customer of the same vendor, with a chain that is right in itself',
    {
      intermediate: intermediateOf({ publicKey: stranger.publicKey }),
      leaf: leafOf({}, stranger),
    },
  ],
  [
    'key_is_ca',
    'a Key Certificate that would issue others',
    { leaf: leafOf({ extensions: [ca, signing, usage, keyEpoch] }) },
  ],
  ['key_usage', 'absent', { leaf: leafOf({ extensions: [usage, keyEpoch] }) }],
  [
    'key_usage',
    'signing certificates beside data',
    { leaf: leafOf({ extensions: [extensions.keyUsage(0, 5), usage, keyEpoch] }) },
  ],
  ['key_extended_usage', 'absent', { leaf: leafOf({ extensions: [signing, keyEpoch] }) }],
  [
    'key_extended_usage',
    'not critical',
    { leaf: leafOf({ extensions: [signing, extensions.usage(oids.keyUsage, false), keyEpoch] }) },
  ],
  [
    'key_extended_usage',
    "a device certificate's",
    { leaf: leafOf({ extensions: [signing, extensions.usage(oids.deviceUsage), keyEpoch] }) },
  ],
  [
    'key_extended_usage',
    'another usage beside it',
    {
      leaf: leafOf({
        extensions: [
          signing,
          extension(oids.extendedKeyUsage, der(0x30, oid(oids.keyUsage), oid(oids.deviceUsage)), true),
          keyEpoch,
        ],
      }),
    },
  ],
  ['key_epoch_missing', 'no epoch', { leaf: leafOf({ extensions: [signing, usage] }) }],
  ['key_not_signed_by_intermediate', 'signed by a stranger', { leaf: leafOf({}, stranger) }],
  ['key_not_signed_by_intermediate', 'signed by the root itself', { leaf: leafOf({}, rootKey) }],
  [
    'key_not_signed_by_intermediate',
    "the issuer's name is another",
    { leaf: leafOf({ issuer: commonName('Other') }) },
  ],
  [
    'key_not_signed_by_intermediate',
    'a Key Certificate acting as a CA for another lock',
    {
      leaf: leafOf({ issuer: serialName(worldSerial) }, lockKey),
    },
  ],
  ['key_expired', 'past its end', { leaf: leafOf({ notAfter: worldNow - 1000 }) }],
  [
    'key_other_serial',
    "another lock's Key Certificate",
    { leaf: leafOf({ subject: serialName('0000051a00000006') }) },
  ],
  ['key_other_serial', 'no serial number', { leaf: leafOf({ subject: commonName(worldSerial) }) }],
  [
    'key_other_key',
    'not the key of this registration',
    { leaf: leafOf({ publicKey: stranger.publicKey }), signer: stranger },
  ],
  ['key_epoch_revoked', "below the lock's", { expect: { minKeyEpoch: 2 } }],
];

const overTheAir = (row: Row): unknown => {
  const kiosk = kioskEnd({
    keyCertificate: row.leaf ?? leaf,
    intermediate: row.intermediate ?? intermediate,
    sign: (row.signer ?? lockKey).sign,
  });
  const lock = lockEnd({ expectations: () => expectations(row.expect) });
  const message2 = lock.receive(kiosk.start().message);
  if (message2.type !== 'send') throw new Error('no message_2');
  kiosk.receive(message2.message);
  const flight = kiosk.command({ type: 'status' });
  if (flight.type !== 'send') throw new Error('no flight');
  const action = lock.receive(flight.message);
  if (action.type === 'command') return 'accepted';
  const told = action.type === 'failed' && action.message ? kiosk.receive(action.message) : null;
  return told?.type === 'result' && told.result.type === 'refused' ? told.result.refusal : action;
};

const judge = (row: Row): unknown => {
  const verdict = checkChain([row.leaf ?? leaf, row.intermediate ?? intermediate], expectations(row.expect));
  return verdict.ok ? 'accepted' : verdict.reason;
};

describe('accepts', () => {
  test.each(accepted)('%s', (_name, row) => {
    expect(judge(row)).toBe('accepted');
    expect(overTheAir(row)).toBe('accepted');
  });
});

describe('refuses', () => {
  test.each(refused)('%s: %s', (reason, _name, row) => {
    expect(judge(row)).toBe(reason);
    expect(overTheAir(row)).toEqual({ reason: 'chain', chain: reason });
  });

  test.each([
    ['none', []],
    ['one', [leaf]],
    ['three', [leaf, intermediate, intermediate]],
  ])('not_two_certificates: %s', (_name, chain) => {
    expect(checkChain(chain, expectations())).toEqual({ ok: false, reason: 'not_two_certificates' });
  });

  test('certificate_malformed: a leaf that is no certificate', () => {
    const verdict = checkChain([Uint8Array.of(0x30, 0), intermediate], expectations());
    expect(verdict).toEqual({ ok: false, reason: 'certificate_malformed' });
  });

  test('a signature that was found good counts for the key that made it, and for no other', () => {
    expect(judge({})).toBe('accepted');
    expect(judge({ expect: { roots: [stranger.publicKey] } })).toBe('intermediate_not_signed_by_root');
    expect(judge({})).toBe('accepted');
  });

  test('every reason has a row; one is a kiosk’s choice and no judgement of either end’s (lease.test.ts)', () => {
    const tested = new Set<string>([
      'not_two_certificates',
      'intermediate_not_yet_valid',
      ...refused.map(([reason]) => reason),
    ]);
    expect(chainReasons.filter((reason) => !tested.has(reason))).toEqual([]);
  });

  test('a Key Certificate stops with its intermediate and goes on under the next', () => {
    const later = { now: worldNow + 15 * day };
    expect(judge({ expect: later })).toBe('intermediate_expired');
    expect(judge({ expect: later, intermediate: renewed })).toBe('accepted');
  });
});
