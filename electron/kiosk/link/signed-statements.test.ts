/** Time tokens, release tokens and revocation lists: who may sign them, and for what they are good. */
import { describe, expect, test } from 'vitest';
import { makeCertificate, type CertificateRequest } from '#support/certificate-maker.ts';
import type { DeterministicKey } from '#support/deterministic-signer.ts';
import {
  customerKey,
  day,
  deviceRequest,
  keyCalled,
  lockKey,
  rootKey,
  timeCertificate,
  timeKey,
  timeRequest,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { signCose } from './lock/sign-statement.ts';
import { createReleaseToken, createRevocationList } from '#simulators/live-lock/root-statements.ts';
import { isReleaseToken } from './lock/release-token.ts';
import { maxRevocations } from './wire/revocation-list.ts';
import { readRevocationList } from './lock/revocation-list.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';
import { readTimeToken } from './lock/time-token.ts';

const stranger = keyCalled('stranger');
const roots = [rootKey.publicKey];
const challenge = new Uint8Array(32).fill(4);

describe('a time token', () => {
  interface Change {
    readonly authority?: Partial<CertificateRequest>;
    readonly issuer?: DeterministicKey;
    readonly signer?: DeterministicKey;
    readonly now?: number;
    readonly challenge?: Uint8Array;
    readonly floor?: number;
  }
  const read = (change: Change): number | null => {
    const certificate = makeCertificate(timeRequest(change.authority), change.issuer ?? rootKey);
    const { sign } = change.signer ?? timeKey;
    const token = createTimeToken({ now: change.now ?? worldNow, challenge, certificate, sign });
    return readTimeToken(token, change.challenge ?? challenge, roots, change.floor ?? 0);
  };

  test('tells the time in whole seconds', () => {
    expect(read({ now: worldNow + 999 })).toBe(worldNow);
  });

  test.each<[string, Change]>([
    ['over another session', { challenge: new Uint8Array(32) }],
    ['before the floor', { floor: worldNow + 1000 }],
    ['from an authority of a foreign root', { issuer: stranger }],
    ['from an authority that the customer certified', { issuer: customerKey }],
    ['from a device', { authority: { extensions: deviceRequest().extensions } }],
    ['from an authority that had lapsed by then', { now: worldNow + 366 * day }],
    ['from before its authority', { now: worldNow - 2 * day }],
    ['signed by another than its authority', { signer: stranger }],
  ])('%s is refused', (_name, change) => {
    expect(read(change)).toBeNull();
  });

  test('without a certificate, or with a time that is none, is malformed', () => {
    const context = ['Latchpoint time', challenge];
    const bare = signCose(context, [1], timeKey.sign);
    const late = signCose(context, [2 ** 50], timeKey.sign, timeCertificate);
    for (const token of [bare, late]) {
      expect(() => readTimeToken(token, challenge, roots, 0)).toThrow(/^malformed/);
    }
  });
});

describe('a release token', () => {
  const lock = { serialNumber: worldSerial, keyPublic: lockKey.publicKey, roots };
  const token = createReleaseToken(worldSerial, lockKey.publicKey, rootKey.sign);

  test('releases its lock from its key', () => {
    expect(isReleaseToken(token, lock)).toBe(true);
  });

  test('does not release it again once the key has changed, nor another lock', () => {
    expect(isReleaseToken(token, { ...lock, keyPublic: stranger.publicKey })).toBe(false);
    expect(isReleaseToken(token, { ...lock, serialNumber: '0000051a00000006' })).toBe(false);
  });

  test('is the root’s to sign, not the customer’s', () => {
    const own = createReleaseToken(worldSerial, lockKey.publicKey, customerKey.sign);
    expect(isReleaseToken(own, lock)).toBe(false);
  });
});

describe('a revocation list', () => {
  const list = (sign = rootKey.sign): Uint8Array =>
    createRevocationList(
      {
        customerKey: customerKey.publicKey,
        version: 3,
        minCustomerEpoch: 2,
        locks: [{ serialNumber: worldSerial, minKeyEpoch: 5 }],
      },
      sign,
    );
  const lock = { serialNumber: worldSerial, customerKey: customerKey.publicKey, roots };

  test('says to a lock what it names', () => {
    expect(readRevocationList(list(), lock)).toEqual({ version: 3, minCustomerEpoch: 2, minKeyEpoch: 5 });
    const other = { ...lock, serialNumber: '0000051a00000006' };
    expect(readRevocationList(list(), other)).toEqual({ version: 3, minCustomerEpoch: 2, minKeyEpoch: null });
  });

  test('of another customer, or not of the root, says nothing', () => {
    expect(readRevocationList(list(), { ...lock, customerKey: stranger.publicKey })).toBeNull();
    expect(readRevocationList(list(customerKey.sign), lock)).toBeNull();
  });

  test('is no release token, although the root has signed both', () => {
    expect(isReleaseToken(list(), { serialNumber: worldSerial, keyPublic: lockKey.publicKey, roots })).toBe(
      false,
    );
  });

  test('names a bounded number of locks', () => {
    const locks = Array.from({ length: maxRevocations + 1 }, () => ({
      serialNumber: worldSerial,
      minKeyEpoch: 1,
    }));
    const tooLong = { customerKey: customerKey.publicKey, version: 1, minCustomerEpoch: 1, locks };
    expect(() => createRevocationList(tooLong, rootKey.sign)).toThrow(RangeError);
  });
});
