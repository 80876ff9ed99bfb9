/** The small formats of the link: advertisement, info, commands, results, enrolment code. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAdvertisement } from './wire/advertisement.ts';
import { encodeAdvertisement } from './lock/advertisement.ts';
import { fromHex, toHex } from './wire/bytes.ts';
import { decodeCommand } from './lock/commands.ts';
import { encodeCommand, type LockCommand } from './wire/commands.ts';
import { chainReasons } from './wire/chain-policy.ts';
import { deriveLockKey } from './lock/derive-key.ts';
import { openEnrolmentCode } from '#simulators/live-lock/enrolment-code.ts';
import { sealEnrolmentCode } from './lock/enrolment-code.ts';
import { decodeInfo } from './wire/info.ts';
import { encodeInfo } from './lock/info.ts';
import { decodeResult, eventKinds, refusals, type CommandResult } from './wire/results.ts';
import { encodeResult } from './lock/results.ts';
import { verifySignature } from './wire/signing.ts';

const serial = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => toHex(Uint8Array.from(bytes)));
const percent = fc.integer({ min: 0, max: 100 });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));
const flags = {
  provisioned: fc.boolean(),
  boltOpen: fc.boolean(),
  tamper: fc.boolean(),
  batteryLow: fc.boolean(),
};
const state = fc.record({ ...flags, battery: percent });

const command: fc.Arbitrary<LockCommand> = fc.oneof(
  fc.constantFrom<LockCommand>({ type: 'provision' }, { type: 'identify' }, { type: 'status' }),
  fc.record({
    type: fc.constant('unlock' as const),
    holdOpenSeconds: fc.integer({ min: 1, max: 60 }),
    actorHash: hash,
    reasonCode: fc.integer({ min: 0, max: 255 }),
  }),
  fc.record({ type: fc.constant('events' as const), after: uint32 }),
  fc.record({ type: fc.constant('release' as const), token: hash }),
);

const simpleRefusal = fc.constantFrom(
  ...refusals.filter((reason) => reason !== 'chain' && reason !== 'locked_out'),
);
const result: fc.Arbitrary<CommandResult> = fc.oneof(
  fc.constantFrom<CommandResult>({ type: 'identify' }, { type: 'release' }),
  fc.record({ type: fc.constant('unlock' as const), holdOpenSeconds: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ type: fc.constantFrom('provision' as const, 'status' as const), status: state }),
  fc.record({
    type: fc.constant('events' as const),
    events: fc.array(
      fc.record({
        sequence: uint32,
        at: uint32,
        kind: fc.constantFrom(...eventKinds),
        actorHash: fc.option(hash),
      }),
      { maxLength: 32 },
    ),
    more: fc.boolean(),
  }),
  fc
    .oneof(
      fc.record({ reason: simpleRefusal }),
      fc.record({ reason: fc.constant('chain' as const), chain: fc.constantFrom(...chainReasons) }),
      fc.record({ reason: fc.constant('locked_out' as const), retryAfterSeconds: uint32 }),
    )
    .map((refusal) => ({ type: 'refused' as const, refusal })),
);

test('commands come out as they went in', () => {
  fc.assert(
    fc.property(command, (value) => {
      expect(decodeCommand(encodeCommand(value))).toEqual(value);
    }),
  );
});

test('results come out as they went in', () => {
  fc.assert(
    fc.property(result, (value) => {
      expect(decodeResult(encodeResult(value))).toEqual(value);
    }),
  );
});

test('an answer with as many events as it may have fits a message', () => {
  const event = {
    sequence: 0xffff_ffff,
    at: 2 ** 40,
    kind: 'refused' as const,
    actorHash: new Uint8Array(32),
  };
  const bytes = encodeResult({ type: 'events', events: Array.from({ length: 32 }, () => event), more: true });
  expect(bytes.length).toBeLessThan(2000);
});

test.each(['00', '80', '8107', '820101', '840118401864', '8201fb', 'a0'])('%s is no command', (hex) => {
  expect(() => decodeCommand(fromHex(hex))).toThrow(/^malformed/);
});

const filled = (length: number): string => '07'.repeat(length);

describe('bounds of the wire, at the bound and one beyond', () => {
  const uint16 = (value: number): string => value.toString(16).padStart(4, '0');
  test.each([
    ['hold-open seconds', `8401015820${filled(32)}00`, `8401005820${filled(32)}00`],
    ['hold-open seconds', `8401183c5820${filled(32)}00`, `8401183d5820${filled(32)}00`],
    ['actor hash', `8401055820${filled(32)}00`, `840105581f${filled(31)}00`],
    ['actor hash', `8401055820${filled(32)}18ff`, `8401055821${filled(33)}18ff`],
    ['reason code', `8401055820${filled(32)}18ff`, `8401055820${filled(32)}190100`],
    ['sequence number', '82051affffffff', '82051b0000000100000000'],
    ['token', `820659${uint16(512)}${filled(512)}`, `820659${uint16(513)}${filled(513)}`],
  ])('of a command: %s', (_name, within, beyond) => {
    expect(toHex(encodeCommand(decodeCommand(fromHex(within))))).toBe(within);
    expect(() => decodeCommand(fromHex(beyond))).toThrow(/^malformed/);
  });

  const events = (count: number): string => `840005${uint16(0x9800 + count)}${'84010201f6'.repeat(count)}f4`;
  test.each([
    ['events in one answer', events(32), events(33)],
    ['flags', '8400040f00', '8400041000'],
    ['battery', '840004001864', '840004001865'],
    ['hold-open seconds', '830001183c', '830001183d'],
    ['kind of an event', '8400058184010206f6f4', '8400058184010207f6f4'],
    ['a chain’s reason', '820115', '820116'],
    ['a refusal', '810a', '810b'],
  ])('of a result: %s', (_name, within, beyond) => {
    expect(toHex(encodeResult(decodeResult(fromHex(within))))).toBe(within);
    expect(() => decodeResult(fromHex(beyond))).toThrow(/^malformed/);
  });
});

test('a command out of range is the caller’s mistake', () => {
  expect(() =>
    encodeCommand({ type: 'unlock', holdOpenSeconds: 61, actorHash: new Uint8Array(32), reasonCode: 0 }),
  ).toThrow(RangeError);
  expect(() => encodeResult({ type: 'unlock', holdOpenSeconds: 61 })).toThrow(RangeError);
});

describe('advertisement', () => {
  test('fills 31 bytes and carries the state and the serial number', () => {
    fc.assert(
      fc.property(serial, state, (serialNumber, advertised) => {
        const { advertising, scanResponse } = encodeAdvertisement(serialNumber, advertised);
        expect(advertising.length).toBe(31);
        expect(scanResponse.length).toBe(26);
        const manufacturer = advertising.subarray(23);
        const whole = { ...advertised, serialNumber, serialSuffix: serialNumber.slice(8) };
        expect(decodeAdvertisement(manufacturer, scanResponse.subarray(18))).toEqual(whole);
        expect(decodeAdvertisement(manufacturer, null)).toEqual({ ...whole, serialNumber: null });
      }),
    );
  });

  test('is byte for byte what docs/link.md shows', () => {
    const shown = encodeAdvertisement('0000051a00000005', {
      provisioned: true,
      boltOpen: false,
      tamper: false,
      batteryLow: false,
      battery: 87,
    });
    expect(toHex(shown.advertising)).toBe(
      '0201061107' + '010000006b6e696c007470686374616c' + '09ffffff115700000005',
    );
    expect(toHex(shown.scanResponse)).toBe('1921' + '010000006b6e696c007470686374616c' + '0000051a00000005');
  });

  test.each([
    ['another company', 'feff115700000005', null],
    ['another version', 'ffff215700000005', null],
    ['a battery above 100 %', 'ffff116500000005', null],
    ['too short', 'ffff1157000000', null],
    ['too long', 'ffff11570000000500', null],
    ['nothing', '', null],
    ['halves of two locks', 'ffff115700000005', '0000051a00000006'],
    ['a short serial number', 'ffff115700000005', '00000005'],
  ])('%s is no lock', (_name, manufacturer, service) => {
    expect(decodeAdvertisement(fromHex(manufacturer), service === null ? null : fromHex(service))).toBeNull();
  });
});

describe('info', () => {
  const info = {
    serialNumber: '0000051a00000005',
    type: 'CAM',
    firmware: '1.0.0',
    battery: 87,
    frameSize: 180,
    provisioned: true,
    boltOpen: false,
    tamper: false,
    batteryLow: false,
  };

  test('comes out as it went in', () => {
    expect(decodeInfo(encodeInfo(info))).toEqual(info);
  });

  test('of another version of the link is unsupported, not broken', () => {
    expect(() => decodeInfo(encodeInfo(info).with(1, 2))).toThrow(/^unsupported/);
  });

  test('with a frame size below what ATT carries is refused', () => {
    expect(() => encodeInfo({ ...info, frameSize: 19 })).toThrow(RangeError);
    expect(() => encodeInfo({ ...info, type: 'x'.repeat(17) })).toThrow(RangeError);
  });
});

describe('the key of a registration', () => {
  const secret = createHash('sha256').update('lock secret').digest();

  test('is a working P-256 pair, the same every time, other for another serial number', () => {
    const pair = deriveLockKey(secret, '0000051a00000005');
    expect(deriveLockKey(secret, '0000051a00000005')).toEqual(pair);
    expect(deriveLockKey(secret, '0000051a00000006').publicKey).not.toEqual(pair.publicKey);
    const key = createPrivateKey({ key: Buffer.from(pair.privateKey), format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    expect(toHex(spki.subarray(-65))).toBe(toHex(pair.publicKey));
    const data = Uint8Array.of(1);
    expect(verifySignature(pair.publicKey, data, sign('sha256', data, key), 'der')).toBe(true);
  });

  test('needs a whole secret and a serial number', () => {
    expect(() => deriveLockKey(new Uint8Array(31), '0000051a00000005')).toThrow(RangeError);
    expect(() => deriveLockKey(secret, '0000051A00000005')).toThrow(RangeError);
  });

  test('travels in an enrolment code that only the vendor opens', () => {
    const vendor = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const offer = { serialNumber: '0000051a00000005', secret: new Uint8Array(secret) };
    const code = sealEnrolmentCode(offer, vendor.publicKey);
    expect(code.length).toBe(256);
    expect(openEnrolmentCode(code, vendor.privateKey)).toEqual(offer);
    expect(() => openEnrolmentCode(code.with(9, (code[9] ?? 0) ^ 1), vendor.privateKey)).toThrow(
      /^malformed/,
    );
    expect(() => openEnrolmentCode(new Uint8Array(3), vendor.privateKey)).toThrow(/^malformed/);
  });
});
