/** What a lock promises of its memory and of a link that has failed, beside what it does for its owner. */
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { plainIdentify } from '#kiosk/link/wire/link-messages.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from './lock-state.ts';
import type { SimulatedLock } from './simulated-lock.ts';

const opened = { type: 'unlock' };

let vendor: Vendor;
let bench: LockBench;
let memory: LockMemory;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => {
  ({ vendor, bench, memory, lock, credentials } = on);
});

const remembered = () => lockStateSchema.parse(memory.read());

it('keeps the highest key epoch that has opened it', async () => {
  expect(tellUnchecked(lock, await bench.credentials(lock, { keyEpoch: 2 }))).toMatchObject(opened);
  expect(tellUnchecked(lock, credentials)).toEqual({
    type: 'refused',
    refusal: { reason: 'chain', chain: 'key_epoch_revoked' },
  });
});

it('remembers that it opens before its bolt moves', async () => {
  const boltAtFirst: boolean[] = [];
  const kept = volatileMemory();
  const watched = {
    ...kept,
    write: (state: Parameters<LockMemory['write']>[0]) => {
      if (state.events.at(-1)?.kind === 'unlocked') boltAtFirst.push(decodeInfo(other.readInfo()).boltOpen);
      kept.write(state);
    },
  };
  const other = await bench.makeLock('0000051a00000006', { provisioned: true, memory: watched });
  expect(tellUnchecked(other, await bench.credentials(other))).toMatchObject(opened);
  expect(boltAtFirst[0]).toBe(false);
  expect(decodeInfo(other.readInfo()).boltOpen).toBe(true);
});

it('forgets its customer’s epochs and list when it is released', async () => {
  const { secret } = vendor.openEnrolmentCode(lock.enrolmentCode());
  const token = vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
  const owner = await bench.credentials(lock, { keyEpoch: 2, epoch: 2 });
  const revocationList = vendor.signRevocations(bench.customer, {
    version: 4,
    minCustomerEpoch: 2,
    locks: [{ serialNumber, minKeyEpoch: 2 }],
  });
  expect(tellUnchecked(lock, owner, undefined, { revocationList })).toMatchObject(opened);
  expect(remembered()).toMatchObject({ customerEpoch: 2, keyEpoch: 2, revocationVersion: 4 });
  expect(tellUnchecked(lock, owner, { type: 'release', token })).toEqual({ type: 'release' });
  expect(remembered()).toMatchObject({
    customerKey: null,
    customerEpoch: 0,
    keyEpoch: 0,
    revocationVersion: 0,
  });
});

/** A message that belongs nowhere, then message 1, on one link: what the lock says. */
const answersAfterNonsense = (): number => {
  const heard: Uint8Array[] = [];
  const link = lock.connected((frame) => heard.push(frame));
  link.receive(Uint8Array.of(0x80, 0x7f));
  const { deviceCertificate } = credentials;
  const session = createKioskSession({ random: systemRandom, deviceCertificate });
  const first = session.start();
  if (first.type === 'send') link.receive(Uint8Array.of(0x81, ...first.message));
  link.disconnected();
  return heard.length;
};

it('takes a new session on a link that has failed, but none while it pauses', async () => {
  expect(answersAfterNonsense()).toBe(2);
  const stranger = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
  for (let count = 0; count < 5; count += 1) tellUnchecked(lock, stranger);
  expect(answersAfterNonsense()).toBe(1);
});

it('counts no nonsense as an attempt', () => {
  for (let count = 0; count < 20; count += 1) answersAfterNonsense();
  expect(remembered().failures).toBe(0);
});

it('blinks for whoever asks while it is new, and for no longer when it is asked again', async () => {
  const isNew = await bench.makeLock('0000051a00000007', { provisioned: false });
  const blinking = (): Promise<boolean> => firstValueFrom(isNew.state$).then((view) => view.blinking);
  const ask = (): void => {
    const link = isNew.connected(() => undefined);
    link.receive(Uint8Array.of(0x80, ...plainIdentify));
    link.disconnected();
  };
  ask();
  for (let second = 0; second < 9; second += 1) {
    await bench.clock.advance(1_000);
    ask();
  }
  expect(await blinking()).toBe(true);
  await bench.clock.advance(1_500);
  expect(await blinking()).toBe(false);
});
