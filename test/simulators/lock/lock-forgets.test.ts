/** What a lock tells of its cache and when it has forgotten it, what a restart does not forget, and its battery's bounds. */
import { expect, it } from 'vitest';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { eadLabels, findEad } from '#kiosk/link/wire/edhoc/ead.ts';
import { openMessage2, startInitiator } from '#kiosk/link/kiosk/initiator.ts';
import { drawEphemeral, suite2 } from '#kiosk/link/wire/edhoc/suites.ts';
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { linkMessage, messageTypes } from '#kiosk/link/wire/link-messages.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockIdentity, Vendor } from '../live-lock/open-vendor.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from './lock-state.ts';
import type { SimulatedLock } from './simulated-lock.ts';

const opened = { type: 'unlock' };

let vendor: Vendor;
let bench: LockBench;
let identity: LockIdentity;
let memory: LockMemory;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => {
  ({ vendor, bench, identity, memory, lock, credentials } = on);
});

/** Bytes of hashes that the lock announces in message 2. */
const announced = (): number => {
  const reassembler = createReassembler();
  const heard: Uint8Array[] = [];
  const link = lock.connected((frame) => {
    const message = reassembler.push(frame);
    if (message) heard.push(message);
  });
  const start = startInitiator(suite2, drawEphemeral(suite2, systemRandom), 0);
  const message1 = linkMessage(messageTypes.message1, start.message1);
  for (const frame of createFragmenter(244).fragment(message1)) link.receive(frame);
  link.disconnected();
  const [message2] = heard;
  if (message2 === undefined) throw new Error('the lock says nothing');
  return findEad(openMessage2(start, message2.subarray(1)).ead, eadLabels.cachedCertificates)?.length ?? 0;
};

it('announces an intermediate and a Key Certificate that it has accepted, by 8 bytes each', () => {
  expect(announced()).toBe(0);
  expect(tellUnchecked(lock, credentials)).toMatchObject(opened);
  expect(announced()).toBe(16);
});

it('announces neither once the intermediate has lapsed', async () => {
  expect(tellUnchecked(lock, credentials)).toMatchObject(opened);
  await bench.clock.advance(14 * 86_400_000 - 60_001);
  expect(announced()).toBe(16);
  await bench.clock.advance(86_400_000);
  expect(announced()).toBe(0);
});

it('has forgotten them after a loss of power', () => {
  expect(tellUnchecked(lock, credentials)).toMatchObject(opened);
  lock.losePower();
  expect(announced()).toBe(0);
});

it('has forgotten them once it is released', () => {
  const { secret } = vendor.openEnrolmentCode(lock.enrolmentCode());
  const token = vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
  const wrong = vendor.signRelease('0000051a00000006', deriveLockKey(secret, serialNumber).publicKey);
  expect(tellUnchecked(lock, credentials, { type: 'release', token: wrong })).toMatchObject({
    type: 'refused',
  });
  expect(announced()).toBe(16);
  expect(tellUnchecked(lock, credentials, { type: 'release', token })).toEqual({ type: 'release' });
  expect(announced()).toBe(0);
});

it('remembers nothing of a chain that it has refused', async () => {
  const stranger = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
  expect(tellUnchecked(lock, stranger)).toMatchObject({ type: 'refused' });
  expect(announced()).toBe(0);
});

it('takes no list while it is bound to nobody', async () => {
  const kept = volatileMemory();
  const fresh = await bench.makeLock('0000051a00000007', { memory: kept });
  const theirs = await bench.credentials(fresh);
  const list = { version: 4, minCustomerEpoch: 1, locks: [] };
  const revocationList = vendor.signRevocations(bench.customer, list);
  const versionAfterProvision = (): number => {
    const answer = tellUnchecked(fresh, theirs, { type: 'provision' }, { revocationList });
    expect(answer).toMatchObject({ type: 'provision' });
    return lockStateSchema.parse(kept.read()).revocationVersion;
  };
  expect(versionAfterProvision()).toBe(0);
  expect(versionAfterProvision()).toBe(4);
});

it('goes on pausing after it was switched off and on', async () => {
  const stranger = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
  const failuresAfter = (times: number): number => {
    for (let count = 0; count < times; count += 1) tellUnchecked(lock, stranger);
    return lockStateSchema.parse(memory.read()).failures;
  };
  const refusals = (): number =>
    lockStateSchema.parse(memory.read()).events.filter(({ kind }) => kind === 'refused').length;
  expect(failuresAfter(6)).toBe(5);
  await bench.clock.advance(3_599_999);
  lock.dispose();
  lock = await bench.makeLock(serialNumber, { identity, memory });
  await bench.clock.advance(3_599_999);
  failuresAfter(1);
  expect(refusals()).toBe(5);
  await bench.clock.advance(1);
  failuresAfter(2);
  expect(refusals()).toBe(6);
});

it('moves its motor at three percent of its battery, not below, and calls less than fifteen low', () => {
  const isLow = (percent: number): boolean => {
    lock.setBattery(percent);
    return decodeInfo(lock.readInfo()).batteryLow;
  };
  expect([isLow(15), isLow(14)]).toEqual([false, true]);
  lock.setBattery(3);
  expect(tellUnchecked(lock, credentials)).toMatchObject(opened);
  lock.setBattery(2);
  expect(tellUnchecked(lock, credentials)).toEqual({ type: 'refused', refusal: { reason: 'battery_low' } });
});
