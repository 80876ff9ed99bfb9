/** Junk, and good bytes gone bad, into everything that reads what came over the air: only named errors come out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deviceCertificate,
  expectations,
  intermediate,
  kioskEnd,
  leaf,
  lockEnd,
  rootKey,
  timeCertificate,
  timeKey,
  worldNow,
} from '#support/link-world.ts';
import { decodeAdvertisement } from './wire/advertisement.ts';
import { readCertificate } from './wire/certificates.ts';
import { checkChain } from './wire/chain-policy.ts';
import { decodeCommand } from './lock/commands.ts';
import { readStatement } from './wire/cose-sign1.ts';
import { decodeInfo } from './wire/info.ts';
import { encodeInfo } from './lock/info.ts';
import { LinkError } from './wire/link-error.ts';
import { decodeMessage3Flight } from './lock/link-messages.ts';
import { readIdentified } from './wire/link-messages.ts';
import { decodeResult } from './wire/results.ts';
import { encodeResult } from './lock/results.ts';
import { createRevocationList } from '#simulators/live-lock/root-statements.ts';
import { isReleaseToken } from './lock/release-token.ts';
import { readRevocationList } from './lock/revocation-list.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';
import { readTimeToken } from './lock/time-token.ts';

const junk = fc.uint8Array({ maxLength: 120 }).map((raw) => Uint8Array.from(raw));

/** A sample with some bytes changed, cut or repeated. */
const spoilt = (sample: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.nat(),
      fc.nat(),
    )
    .map(([changes, from, to]) => {
      let bytes = sample;
      for (const [index, byte] of changes) bytes = bytes.with(index % bytes.length, byte);
      const [start, end] = [from % (sample.length * 4), to % (sample.length * 4)];
      if (start < end && end < sample.length)
        bytes = Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
      return bytes;
    });

const roots = [rootKey.publicKey];
const challenge = new Uint8Array(32).fill(4);
const token = createTimeToken({ now: worldNow, challenge, certificate: timeCertificate, sign: timeKey.sign });
const list = createRevocationList(
  {
    customerKey: rootKey.publicKey,
    version: 1,
    minCustomerEpoch: 1,
    locks: [{ serialNumber: '0000051a00000005', minKeyEpoch: 1 }],
  },
  rootKey.sign,
);
const lock = {
  serialNumber: '0000051a00000005',
  customerKey: rootKey.publicKey,
  keyPublic: rootKey.publicKey,
  roots,
};
const info = encodeInfo({
  serialNumber: '0000051a00000005',
  type: 'CAM',
  firmware: '1',
  battery: 1,
  frameSize: 20,
  provisioned: true,
  boltOpen: false,
  tamper: false,
  batteryLow: false,
});

const readers: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
  ['certificate', leaf, readCertificate],
  ['chain', intermediate, (bytes) => checkChain([leaf, bytes], expectations())],
  ['statement', token, readStatement],
  ['time token', token, (bytes) => readTimeToken(bytes, challenge, roots, 0)],
  ['revocation list', list, (bytes) => readRevocationList(bytes, lock)],
  ['release token', list, (bytes) => isReleaseToken(bytes, lock)],
  ['command', Uint8Array.of(0x82, 5, 0), decodeCommand],
  ['result', encodeResult({ type: 'unlock', holdOpenSeconds: 5 }), decodeResult],
  ['info', info, decodeInfo],
  ['flight', Uint8Array.of(0x41, 0, 0x41, 0), decodeMessage3Flight],
  ['identified', Uint8Array.of(0x11, 1), readIdentified],
  ['manufacturer data', new Uint8Array(8), (bytes) => decodeAdvertisement(bytes, bytes)],
];

describe.each(readers)('%s', (_name, sample, reader) => {
  test('throws nothing but its named error', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(junk, spoilt(sample)), (bytes) => {
        try {
          reader(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('a changed certificate is never accepted', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(spoilt(leaf), spoilt(intermediate), (badLeaf, badIntermediate) => {
      const same = Buffer.compare(badLeaf, leaf) === 0 && Buffer.compare(badIntermediate, intermediate) === 0;
      expect(checkChain([badLeaf, badIntermediate], expectations()).ok).toBe(same);
    }),
  );
});

const messageOf = fc
  .tuple(fc.constantFrom(1, 2, 3, 4, 5, 0x10, 0x11, 0x7f), junk)
  .map(([type, body]) => Uint8Array.of(type, ...body));

test('a lock takes any messages in any order, and afterwards a good session', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(messageOf, { maxLength: 6 }), (messages) => {
      const end = lockEnd();
      for (const message of messages) {
        const action = end.receive(message);
        expect(action.type).not.toBe('command');
        if (action.type === 'identify') end.answerIdentify(false);
      }
      expect(end.receive(kioskEnd().start().message).type).toBe('send');
    }),
  );
});

test('a kiosk takes any messages in any order and believes none of them', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(messageOf, { minLength: 1, maxLength: 6 }), (messages) => {
      const end = kioskEnd();
      end.start();
      for (const message of messages) expect(end.receive(message).type).toBe('failed');
    }),
  );
});

test('the certificate of a lock is read within its bound of length', () => {
  const long = Uint8Array.from([...deviceCertificate, ...new Uint8Array(1024)]);
  expect(() => readCertificate(long)).toThrow(/^malformed/);
});
