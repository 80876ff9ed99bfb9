/** What changes in the life of a lock, told to the simulated lock by real sessions: renewal, revocation, release. */
import { describe, expect, test as base } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createSimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import {
  customerKey,
  day,
  intermediateRequest,
  kioskEnd,
  leafRequest,
  lockEnd,
  rootKey,
  worldSerial,
} from '#support/link-world.ts';
import { makeFaultWorld } from '../../../test/faults/world.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockCommand } from './wire/commands.ts';
import type { LockCredentials } from './lock-driver.ts';
import { createRevocationList } from '#simulators/live-lock/root-statements.ts';
import type { KioskAction, SessionAttachments } from './kiosk/session.ts';
import type { LockAction } from './lock/session.ts';

const unlock: LockCommand = {
  type: 'unlock',
  holdOpenSeconds: 1,
  actorHash: new Uint8Array(32),
  reasonCode: 0,
};
const opened = { type: 'unlock' };
const chain = (reason: string) => ({ type: 'refused', refusal: { reason: 'chain', chain: reason } });

const test = base
  .extend('world', { scope: 'file' }, () => makeFaultWorld())
  .extend('clock', () => new ManualClock())
  .extend('lock', ({ world, clock }, { onCleanup }) => {
    const { identity } = world;
    const lock = createSimulatedLock({
      identity,
      clock,
      random: seededRandom(3),
      memory: world.memory(true),
    });
    onCleanup(() => lock.dispose());
    return lock;
  })
  .extend('credentials', ({ world }) => world.credentials)
  .extend(
    'tell',
    ({ lock, credentials }) =>
      (change: Partial<LockCredentials> = {}, attachments: SessionAttachments = {}) =>
        tellUnchecked(lock, { ...credentials, ...change }, unlock, attachments),
  )
  /** An intermediate of the same customer key. */
  .extend(
    'intermediate',
    ({ clock }) =>
      (from: number, days: number): Uint8Array =>
        makeCertificate(
          intermediateRequest({ notBefore: clock.now() + from, notAfter: clock.now() + days * day }),
          rootKey,
        ),
  );

describe('renewal', () => {
  test('an old Key Certificate opens under the renewed intermediate, again from the cache', async ({
    clock,
    tell,
    intermediate,
  }) => {
    expect(tell()).toMatchObject(opened);
    await clock.advance(10 * day);
    const renewed = intermediate(-60_000, 14);
    for (let time = 0; time < 3; time += 1) expect(tell({ intermediate: renewed })).toMatchObject(opened);
    await clock.advance(10 * day);
    expect(tell({ intermediate: renewed })).toMatchObject(opened);
  });

  test('a lapsed intermediate opens nothing, though the lock has it cached', async ({
    clock,
    tell,
    intermediate,
  }) => {
    expect(tell()).toMatchObject(opened);
    // The lock's clock is a lower bound: it began with the intermediate, a day before the kiosk's.
    await clock.advance(15 * day + 1000);
    expect(tell()).toEqual(chain('intermediate_expired'));
    expect(tell({ intermediate: intermediate(-60_000, 14) })).toMatchObject(opened);
    expect(tell()).toEqual(chain('intermediate_expired'));
  });
});

describe('a revocation list in the first message', () => {
  const list = (version: number, minKeyEpoch: number, signer = rootKey): SessionAttachments => ({
    revocationList: createRevocationList(
      {
        customerKey: customerKey.publicKey,
        version,
        minCustomerEpoch: 1,
        locks: [{ serialNumber: worldSerial, minKeyEpoch }],
      },
      signer.sign,
    ),
  });

  test('kills the key that it names, in the very session that brings it and for good', ({ tell }) => {
    expect(tell()).toMatchObject(opened);
    expect(tell({}, list(1, 2))).toEqual(chain('key_epoch_revoked'));
    expect(tell()).toEqual(chain('key_epoch_revoked'));
  });

  test('is not taken back by an older one, nor by one that the root has not signed', ({ tell }) => {
    expect(tell({}, list(5, 1))).toMatchObject(opened);
    expect(tell({}, list(9, 2, customerKey))).toMatchObject(opened);
    expect(tell({}, list(6, 2))).toEqual(chain('key_epoch_revoked'));
    expect(tell({}, list(4, 1))).toEqual(chain('key_epoch_revoked'));
    expect(tell({}, list(7, 1))).toEqual(chain('key_epoch_revoked'));
  });

  test('kills it also where the lock was made to hear a later part before, which does not name it', ({
    tell,
  }) => {
    expect(tell({}, list(5, 1))).toMatchObject(opened);
    expect(tell({}, list(4, 2))).toEqual(chain('key_epoch_revoked'));
    expect(tell()).toEqual(chain('key_epoch_revoked'));
  });

  test('is not taken from a kiosk without the key of the certificate that it shows', ({ tell }) => {
    const stranger = makeCertificate(leafRequest({}), rootKey);
    expect(tell({ keyCertificate: stranger }, list(3, 2))).not.toMatchObject(opened);
    expect(tell()).toMatchObject(opened);
  });
});

describe('a release', () => {
  test('ends the session at both ends, so that no command follows it under the old key', () => {
    const kiosk = kioskEnd();
    const end = lockEnd();
    const sent = (action: KioskAction | LockAction): Uint8Array => {
      if (action.type !== 'send') throw new Error(action.type);
      return action.message;
    };
    kiosk.receive(sent(end.receive(sent(kiosk.start()))));
    const token = Uint8Array.of(1);
    expect(end.receive(sent(kiosk.command({ type: 'release', token })))).toMatchObject({ type: 'command' });
    expect(kiosk.receive(end.answer({ type: 'release' }).message)).toMatchObject({ type: 'result' });
    expect(() => kiosk.command({ type: 'status' })).toThrow('ended');
    expect(end.receive(Uint8Array.of(4, 1, 2, 3))).toMatchObject({ type: 'failed', failure: 'ended' });
  });
});
