/** Everything of the link that takes bytes apart, by itself. */
import { decodeAdvertisement } from '#kiosk/link/wire/advertisement.ts';
import { encodeAdvertisement } from '#kiosk/link/lock/advertisement.ts';
import { equalBytes } from '#kiosk/link/wire/bytes.ts';
import { createCaptureProof } from '#kiosk/link/lock/capture-proof.ts';
import { isCaptureProof } from '#kiosk/link/kiosk/capture-proof.ts';
import { decodeCbor, decodeSequence } from '#kiosk/link/wire/cbor/decode.ts';
import { encodeCbor, encodeSequence } from '#kiosk/link/wire/cbor/encode.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { checkChain } from '#kiosk/link/wire/chain-policy.ts';
import { decodeCommand } from '#kiosk/link/lock/commands.ts';
import { encodeCommand, type LockCommand } from '#kiosk/link/wire/commands.ts';
import { checkDeviceCertificate } from '#kiosk/link/kiosk/device-certificate.ts';
import { createFragmenter, createReassembler, maxMessage } from '#kiosk/link/wire/frames.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { encodeInfo } from '#kiosk/link/lock/info.ts';
import { decodeResult, type CommandResult } from '#kiosk/link/wire/results.ts';
import { encodeResult } from '#kiosk/link/lock/results.ts';
import { createReleaseToken, createRevocationList } from '#simulators/live-lock/root-statements.ts';
import { isReleaseToken } from '#kiosk/link/lock/release-token.ts';
import { readRevocationList } from '#kiosk/link/lock/revocation-list.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';
import { readTimeToken } from '#kiosk/link/lock/time-token.ts';
import {
  customerKey,
  deviceCertificate,
  deviceKey,
  expectations,
  intermediate,
  leaf,
  lockKey,
  rootKey,
  timeCertificate,
  timeKey,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { expectThat, type FuzzTarget } from './target.ts';

const roots = [rootKey.publicKey];
const challenge = new Uint8Array(32).fill(4);
const actorHash = new Uint8Array(32).fill(9);
const flags = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false };
const token = createTimeToken({ now: worldNow, challenge, certificate: timeCertificate, sign: timeKey.sign });
const list = createRevocationList(
  {
    customerKey: customerKey.publicKey,
    version: 1,
    minCustomerEpoch: 1,
    locks: [{ serialNumber: worldSerial, minKeyEpoch: 1 }],
  },
  rootKey.sign,
);
const captured = { challenge, serialNumber: worldSerial, enrolmentCode: new Uint8Array(256).fill(0xec) };
const captureProof = createCaptureProof(captured, deviceKey.sign);
const release = createReleaseToken(worldSerial, lockKey.publicKey, rootKey.sign);

export const sampleCommands: readonly LockCommand[] = [
  { type: 'unlock', holdOpenSeconds: 5, actorHash, reasonCode: 7 },
  { type: 'provision' },
  { type: 'status' },
  { type: 'events', after: 70_000 },
  { type: 'release', token: release },
];
export const sampleResults: readonly CommandResult[] = [
  { type: 'unlock', holdOpenSeconds: 5 },
  { type: 'status', status: { ...flags, battery: 80 } },
  { type: 'events', events: [{ sequence: 1, at: 1_700_000_000, kind: 'unlocked', actorHash }], more: true },
  { type: 'refused', refusal: { reason: 'chain', chain: 'key_expired' } },
  { type: 'refused', refusal: { reason: 'locked_out', retryAfterSeconds: 30 } },
];

/** A codec with one form per value: what it took it writes again, byte for byte. */
const oneForm = <T>(
  name: string,
  corpus: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => T,
  encode: (value: T) => Uint8Array,
): FuzzTarget => ({
  name,
  corpus,
  read: (bytes) => {
    expectThat(equalBytes(encode(decode(bytes)), bytes), 'what was read has one form only');
    return 'read';
  },
});

/** Frames behind one another, each after its length in two bytes. */
const joinFrames = (frames: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(frames.flatMap((frame) => [frame.length >> 8, frame.length & 0xff, ...frame]));

const readFrames = (bytes: Uint8Array): string => {
  const reassembler = createReassembler();
  let messages = 0;
  for (let at = 0; at + 2 <= bytes.length;) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const message = reassembler.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
    if (message === null) continue;
    messages += 1;
    expectThat(message.length > 0 && message.length <= maxMessage, 'a message is within its bounds');
  }
  return `${Math.min(3, messages)} messages`;
};

const { advertising, scanResponse } = encodeAdvertisement(worldSerial, { ...flags, battery: 80 });
const manufacturer = advertising.slice(23);
const service = scanResponse.slice(18);

/** A certificate that is not the one that was issued is never accepted. */
const unlessIssued = (
  name: string,
  issued: Uint8Array,
  judge: (bytes: Uint8Array) => string | null,
): FuzzTarget => ({
  name,
  corpus: [issued],
  read: (bytes) => {
    const reason = judge(bytes);
    expectThat((reason === null) === equalBytes(bytes, issued), 'only what was issued is accepted');
    return reason ?? 'accepted';
  },
});

const reasonOf = (verdict: { ok: true } | { ok: false; reason: string }): string | null =>
  verdict.ok ? null : verdict.reason;

export const codecTargets: readonly FuzzTarget[] = [
  {
    name: 'frames',
    corpus: [20, 64, 512].map((size) => {
      const fragmenter = createFragmenter(size);
      return joinFrames([...fragmenter.fragment(leaf), ...fragmenter.fragment(challenge)]);
    }),
    read: readFrames,
  },
  oneForm(
    'cbor',
    [
      encodeCbor([1, -7, 'text', challenge, [true, null], new Map([[34, [-15, challenge]]])]),
      encodeCbor(2 ** 40),
    ],
    decodeCbor,
    encodeCbor,
  ),
  oneForm(
    'cbor sequence',
    [encodeSequence([0, 2, challenge, 0]), encodeSequence([challenge, 'a', [1]])],
    (bytes) => decodeSequence(bytes),
    encodeSequence,
  ),
  oneForm('command', sampleCommands.map(encodeCommand), decodeCommand, encodeCommand),
  oneForm('result', sampleResults.map(encodeResult), decodeResult, encodeResult),
  oneForm(
    'info',
    [
      encodeInfo({
        serialNumber: worldSerial,
        type: 'CAM',
        firmware: '1.4.0',
        battery: 80,
        frameSize: 244,
        ...flags,
      }),
    ],
    decodeInfo,
    encodeInfo,
  ),
  {
    name: 'advertisement, manufacturer data',
    corpus: [manufacturer],
    read: (bytes) => (decodeAdvertisement(bytes, service) === null ? 'not ours' : 'read'),
  },
  {
    name: 'advertisement, service data',
    corpus: [service],
    read: (bytes) => (decodeAdvertisement(manufacturer, bytes)?.serialNumber ? 'read' : 'no serial number'),
  },
  {
    name: 'certificate',
    corpus: [leaf, intermediate, deviceCertificate, timeCertificate],
    read: (bytes) => {
      const { ca, unknownCritical, subjectSerialNumber } = readCertificate(bytes);
      return `read, ${ca}, ${unknownCritical}, ${subjectSerialNumber === null}`;
    },
  },
  unlessIssued('Key Certificate', leaf, (bytes) =>
    reasonOf(checkChain([bytes, intermediate], expectations())),
  ),
  unlessIssued('intermediate', intermediate, (bytes) => reasonOf(checkChain([leaf, bytes], expectations()))),
  unlessIssued('device certificate', deviceCertificate, (bytes) =>
    reasonOf(checkDeviceCertificate(bytes, { roots, serialNumber: worldSerial, now: worldNow })),
  ),
  {
    name: 'time token',
    corpus: [token],
    read: (bytes) => {
      const time = readTimeToken(bytes, challenge, roots, 0);
      expectThat(time === null || time === worldNow, 'no time but what the authority has signed');
      return time === null ? 'left aside' : 'taken';
    },
  },
  {
    name: 'revocation list',
    corpus: [list],
    read: (bytes) => {
      const lock = { serialNumber: worldSerial, customerKey: customerKey.publicKey, roots };
      const revocation = readRevocationList(bytes, lock);
      expectThat(revocation === null || revocation.version === 1, 'no list but what the root has signed');
      return revocation === null ? 'left aside' : 'taken';
    },
  },
  {
    name: 'release token',
    corpus: [release],
    read: (bytes) =>
      isReleaseToken(bytes, { serialNumber: worldSerial, keyPublic: lockKey.publicKey, roots })
        ? 'right'
        : 'wrong',
  },
  {
    name: 'capture proof',
    corpus: [captureProof],
    read: (bytes) => {
      const isGood = isCaptureProof(bytes, captured, deviceKey.publicKey);
      expectThat(!isGood || equalBytes(bytes, captureProof), 'another proof was believed');
      if (isGood) return 'right';
      return bytes.length === captureProof.length ? 'wrong' : 'of another length';
    },
  },
];
