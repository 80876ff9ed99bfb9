/** Bytes written down by hand from docs/link.md, not by this code: what a lock from someone else would send and expect. */
import { describe, expect, test } from 'vitest';
import { encodeAdvertisement } from './lock/advertisement.ts';
import { fromHex, toHex } from './wire/bytes.ts';
import { encodeCbor, encodeSequence } from './wire/cbor/encode.ts';
import { decodeCommand } from './lock/commands.ts';
import { encodeCommand, type LockCommand } from './wire/commands.ts';
import { encodeCredentialId } from './wire/edhoc/credentials.ts';
import { eadItem, eadLabels, encodeEad } from './wire/edhoc/ead.ts';
import { createFragmenter, createReassembler } from './wire/frames.ts';
import { decodeInfo } from './wire/info.ts';
import { encodeInfo } from './lock/info.ts';
import { LinkError } from './wire/link-error.ts';
import { errorMessage } from './lock/link-messages.ts';
import { plainIdentify, readIdentified } from './wire/link-messages.ts';
import { decodeResult, type CommandResult } from './wire/results.ts';
import { encodeResult } from './lock/results.ts';

const serialNumber = '0000051a00000005';
const actorHash = new Uint8Array(32).fill(9);
const nines = '09'.repeat(32);
const flags = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false };
const spaced = (hex: string): string => hex.replaceAll(' ', '');

const commands: [string, LockCommand, string][] = [
  ['unlock', { type: 'unlock', holdOpenSeconds: 5, actorHash, reasonCode: 7 }, `84 01 05 5820 ${nines} 07`],
  [
    'unlock for a minute',
    { type: 'unlock', holdOpenSeconds: 60, actorHash, reasonCode: 255 },
    `84 01 183c 5820 ${nines} 18ff`,
  ],
  ['provision', { type: 'provision' }, '81 02'],
  ['identify', { type: 'identify' }, '81 03'],
  ['status', { type: 'status' }, '81 04'],
  ['events', { type: 'events', after: 70_000 }, '82 05 1a00011170'],
  ['release', { type: 'release', token: Uint8Array.of(0xab, 0xcd) }, '82 06 42abcd'],
];

const results: [string, CommandResult, string][] = [
  ['unlocked', { type: 'unlock', holdOpenSeconds: 5 }, '83 00 01 05'],
  ['provisioned', { type: 'provision', status: { ...flags, battery: 87 } }, '84 00 02 01 1857'],
  ['identified', { type: 'identify' }, '82 00 03'],
  [
    'status, bolt open',
    { type: 'status', status: { ...flags, boltOpen: true, battery: 80 } },
    '84 00 04 03 1850',
  ],
  [
    'events',
    {
      type: 'events',
      events: [
        { sequence: 1, at: 1_700_000_000, kind: 'unlocked', actorHash },
        { sequence: 2, at: 1_700_000_001, kind: 'power_lost', actorHash: null },
      ],
      more: true,
    },
    `84 00 05 82 84 01 1a6553f100 01 5820 ${nines} 84 02 1a6553f101 06 f6 f5`,
  ],
  ['released', { type: 'release' }, '82 00 06'],
  [
    'refused: the chain, key_expired',
    { type: 'refused', refusal: { reason: 'chain', chain: 'key_expired' } },
    '82 01 12',
  ],
  ['refused: not provisioned', { type: 'refused', refusal: { reason: 'not_provisioned' } }, '81 02'],
  [
    'refused: locked out for 30 s',
    { type: 'refused', refusal: { reason: 'locked_out', retryAfterSeconds: 30 } },
    '82 04 181e',
  ],
  ['refused: time untrusted', { type: 'refused', refusal: { reason: 'time_untrusted' } }, '81 05'],
  ['refused: bad token', { type: 'refused', refusal: { reason: 'bad_token' } }, '81 0a'],
];

describe('commands', () => {
  test.each(commands)('%s', (_name, command, hex) => {
    expect(toHex(encodeCommand(command))).toBe(spaced(hex));
    expect(decodeCommand(fromHex(spaced(hex)))).toEqual(command);
  });
});

describe('results', () => {
  test.each(results)('%s', (_name, result, hex) => {
    expect(toHex(encodeResult(result))).toBe(spaced(hex));
    expect(decodeResult(fromHex(spaced(hex)))).toEqual(result);
  });
});

test('frames: twenty bytes in frames of twenty are two, and the numbers go on with the next message', () => {
  const fragmenter = createFragmenter(20);
  const message = fromHex('000102030405060708090a0b0c0d0e0f10111213');
  const frames = [...fragmenter.fragment(message), ...fragmenter.fragment(Uint8Array.of(0xee))];
  expect(frames.map(toHex)).toEqual(['00000102030405060708090a0b0c0d0e0f101112', '8113', '82ee']);
  const reassembler = createReassembler();
  expect(frames.map((frame) => reassembler.push(frame))).toEqual([null, message, Uint8Array.of(0xee)]);
});

test('info', () => {
  const hex = spaced('87 01 48 0000051a00000005 63 43414d 65 312e342e30 01 1857 18f4');
  const info = { serialNumber, type: 'CAM', firmware: '1.4.0', ...flags, battery: 87, frameSize: 244 };
  expect(toHex(encodeInfo(info))).toBe(hex);
  expect(decodeInfo(fromHex(hex))).toEqual(info);
});

test('advertising and scan response', () => {
  const { advertising, scanResponse } = encodeAdvertisement(serialNumber, { ...flags, battery: 87 });
  expect(toHex(advertising)).toBe('0201061107010000006b6e696c007470686374616c09ffffff115700000005');
  expect(toHex(scanResponse)).toBe('1921010000006b6e696c007470686374616c0000051a00000005');
});

test('how credentials are named: the hash of one, one, two', () => {
  const id = (...given: Parameters<typeof encodeCredentialId>): string =>
    toHex(encodeCbor(encodeCredentialId(...given)));
  const [one, two] = [Uint8Array.of(0x30, 0), Uint8Array.of(0x31, 0)];
  expect(id({ type: 'x5t', hash: fromHex('7eda02bcb408f700') })).toBe(
    spaced('a1 1822 82 2e 48 7eda02bcb408f700'),
  );
  expect(id({ type: 'x5chain', certificates: [one] })).toBe(spaced('a1 1821 42 3000'));
  expect(id({ type: 'x5chain', certificates: [one, two] })).toBe(spaced('a1 1821 82 42 3000 42 3100'));
});

test('external authorization data', () => {
  const items = [
    eadItem(eadLabels.timeUntrusted),
    eadItem(eadLabels.cachedCertificates, fromHex('0102030405060708')),
  ];
  expect(toHex(encodeSequence(encodeEad(items)))).toBe(spaced('198000 198001 48 0102030405060708'));
  const tokens = [
    eadItem(eadLabels.timeToken, Uint8Array.of(1)),
    eadItem(eadLabels.revocationList, Uint8Array.of(2)),
  ];
  expect(toHex(encodeSequence(encodeEad(tokens)))).toBe(spaced('198002 4101 198003 4102'));
  const proof = [eadItem(eadLabels.intermediateHash, new Uint8Array(32).fill(3))];
  expect(toHex(encodeSequence(encodeEad(proof)))).toBe(spaced(`198004 5820 ${'03'.repeat(32)}`));
});

test('messages without a session', () => {
  expect(toHex(plainIdentify)).toBe('10');
  expect([fromHex('1101'), fromHex('1100'), fromHex('1102')].map(readIdentified)).toEqual([
    true,
    false,
    null,
  ]);
  expect(toHex(errorMessage(new LinkError('malformed', 'x'), 2))).toBe(spaced('05 01 69 6d616c666f726d6564'));
  expect(toHex(errorMessage(new LinkError('unsupported', 'cipher suite'), 2))).toBe(spaced('05 02 02'));
  expect(toHex(errorMessage(new LinkError('unknown_credential', 'x'), 2))).toBe(spaced('05 03 f5'));
});
