/** What a lock promises of its memory and of a link that has failed, beside what it does for its owner. */
import { firstValueFrom } from 'rxjs';
import { expect } from 'vitest';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { plainIdentify } from '#kiosk/link/wire/link-messages.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from './lock-state.ts';

const opened = { type: 'unlock' };

const it = lockTest.extend('on', ({ vendor, lockBench: bench, memory, lock, credentials }) => {
  const remembered = () => lockStateSchema.parse(memory.read());
  /** A message that belongs nowhere, then message 1, on one link: what the lock says. */
  const answersAfterNonsense = (): number => {
    const heard: Uint8Array[] = [];
    const link = lock.connected((frame) => heard.push(frame));
    link.receive(Uint8Array.of(0x80, 0x7f));
    const { deviceCertificate } = credentials;
    const session = createKioskSession({ random: systemRandom, deviceCertificate });
    const first = session.start();
    link.receive(Uint8Array.of(0x81, ...first.message));
    link.disconnected();
    return heard.length;
  };
  return { vendor, bench, memory, lock, credentials, remembered, answersAfterNonsense };
});

it('keeps the highest key epoch that has opened it', async ({ on }) => {
  expect(tellUnchecked(on.lock, await on.bench.credentials(on.lock, { keyEpoch: 2 }))).toMatchObject(opened);
  expect(tellUnchecked(on.lock, on.credentials)).toEqual({
    type: 'refused',
    refusal: { reason: 'chain', chain: 'key_epoch_revoked' },
  });
});

it('remembers that it opens before its bolt moves', async ({ on }) => {
  const boltAtFirst: boolean[] = [];
  const kept = volatileMemory();
  const watched = {
    ...kept,
    write: (state: Parameters<LockMemory['write']>[0]) => {
      if (state.events.at(-1)?.kind === 'unlocked') boltAtFirst.push(decodeInfo(other.readInfo()).boltOpen);
      kept.write(state);
    },
  };
  const other = await on.bench.makeLock('0000051a00000006', { provisioned: true, memory: watched });
  expect(tellUnchecked(other, await on.bench.credentials(other))).toMatchObject(opened);
  expect(boltAtFirst[0]).toBe(false);
  expect(decodeInfo(other.readInfo()).boltOpen).toBe(true);
});

it('forgets its customer’s epochs and list when it is released', async ({ on }) => {
  const { secret } = on.vendor.openEnrolmentCode(on.lock.enrolmentCode());
  const token = on.vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
  const owner = await on.bench.credentials(on.lock, { keyEpoch: 2, epoch: 2 });
  const revocationList = on.vendor.signRevocations(on.bench.customer, {
    version: 4,
    minCustomerEpoch: 2,
    locks: [{ serialNumber, minKeyEpoch: 2 }],
  });
  expect(tellUnchecked(on.lock, owner, undefined, { revocationList })).toMatchObject(opened);
  expect(on.remembered()).toMatchObject({ customerEpoch: 2, keyEpoch: 2, revocationVersion: 4 });
  expect(tellUnchecked(on.lock, owner, { type: 'release', token })).toEqual({ type: 'release' });
  expect(on.remembered()).toMatchObject({
    customerKey: null,
    customerEpoch: 0,
    keyEpoch: 0,
    revocationVersion: 0,
  });
});

it('takes a new session on a link that has failed, but none while it pauses', async ({ on }) => {
  expect(on.answersAfterNonsense()).toBe(2);
  const stranger = await on.bench.credentials(on.lock, { customer: await on.vendor.addCustomer('other') });
  for (let count = 0; count < 5; count += 1) tellUnchecked(on.lock, stranger);
  expect(on.answersAfterNonsense()).toBe(1);
});

it('counts no nonsense as an attempt', ({ on }) => {
  for (let count = 0; count < 20; count += 1) on.answersAfterNonsense();
  expect(on.remembered().failures).toBe(0);
});

it('blinks for whoever asks while it is new, and for no longer when it is asked again', async ({ on }) => {
  const isNew = await on.bench.makeLock('0000051a00000007', { provisioned: false });
  const blinking = (): Promise<boolean> => firstValueFrom(isNew.state$).then((view) => view.blinking);
  const ask = (): void => {
    const link = isNew.connected(() => undefined);
    link.receive(Uint8Array.of(0x80, ...plainIdentify));
    link.disconnected();
  };
  ask();
  for (let second = 0; second < 9; second += 1) {
    await on.bench.clock.advance(1_000);
    ask();
  }
  expect(await blinking()).toBe(true);
  await on.bench.clock.advance(1_500);
  expect(await blinking()).toBe(false);
});
