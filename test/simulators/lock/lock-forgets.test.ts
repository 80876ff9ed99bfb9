/** What a lock tells of its cache and when it has forgotten it, what a restart does not forget, and its battery's bounds. */
import { expect } from 'vitest';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { eadLabels, findEad } from '#kiosk/link/wire/edhoc/ead.ts';
import { openMessage2, startInitiator } from '#kiosk/link/kiosk/initiator.ts';
import { drawEphemeral, suite2 } from '#kiosk/link/wire/edhoc/suites.ts';
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { linkMessage, messageTypes } from '#kiosk/link/wire/link-messages.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { lockStateSchema, volatileMemory } from './lock-state.ts';

const opened = { type: 'unlock' };

const it = lockTest.extend('on', ({ vendor, lockBench: bench, identity, memory, lock, credentials }) => {
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
  return { vendor, bench, identity, memory, lock, credentials, announced };
});

it('announces an intermediate and a Key Certificate that it has accepted, by 8 bytes each', ({ on }) => {
  expect(on.announced()).toBe(0);
  expect(tellUnchecked(on.lock, on.credentials)).toMatchObject(opened);
  expect(on.announced()).toBe(16);
});

it('announces neither once the intermediate has lapsed', async ({ on }) => {
  expect(tellUnchecked(on.lock, on.credentials)).toMatchObject(opened);
  await on.bench.clock.advance(14 * 86_400_000 - 60_001);
  expect(on.announced()).toBe(16);
  await on.bench.clock.advance(86_400_000);
  expect(on.announced()).toBe(0);
});

it('has forgotten them after a loss of power', ({ on }) => {
  expect(tellUnchecked(on.lock, on.credentials)).toMatchObject(opened);
  on.lock.losePower();
  expect(on.announced()).toBe(0);
});

it('has forgotten them once it is released', ({ on }) => {
  const { secret } = on.vendor.openEnrolmentCode(on.lock.enrolmentCode());
  const token = on.vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
  const wrong = on.vendor.signRelease('0000051a00000006', deriveLockKey(secret, serialNumber).publicKey);
  expect(tellUnchecked(on.lock, on.credentials, { type: 'release', token: wrong })).toMatchObject({
    type: 'refused',
  });
  expect(on.announced()).toBe(16);
  expect(tellUnchecked(on.lock, on.credentials, { type: 'release', token })).toEqual({ type: 'release' });
  expect(on.announced()).toBe(0);
});

it('remembers nothing of a chain that it has refused', async ({ on }) => {
  const stranger = await on.bench.credentials(on.lock, { customer: await on.vendor.addCustomer('other') });
  expect(tellUnchecked(on.lock, stranger)).toMatchObject({ type: 'refused' });
  expect(on.announced()).toBe(0);
});

it('takes no list while it is bound to nobody', async ({ on }) => {
  const kept = volatileMemory();
  const fresh = await on.bench.makeLock('0000051a00000007', { memory: kept });
  const theirs = await on.bench.credentials(fresh);
  const list = { version: 4, minCustomerEpoch: 1, locks: [] };
  const revocationList = on.vendor.signRevocations(on.bench.customer, list);
  const versionAfterProvision = (): number => {
    const answer = tellUnchecked(fresh, theirs, { type: 'provision' }, { revocationList });
    expect(answer).toMatchObject({ type: 'provision' });
    return lockStateSchema.parse(kept.read()).revocationVersion;
  };
  expect(versionAfterProvision()).toBe(0);
  expect(versionAfterProvision()).toBe(4);
});

it('goes on pausing after it was switched off and on', async ({ on }) => {
  const stranger = await on.bench.credentials(on.lock, { customer: await on.vendor.addCustomer('other') });
  const failuresAfter = (times: number, of = on.lock): number => {
    for (let count = 0; count < times; count += 1) tellUnchecked(of, stranger);
    return lockStateSchema.parse(on.memory.read()).failures;
  };
  const refusals = (): number =>
    lockStateSchema.parse(on.memory.read()).events.filter(({ kind }) => kind === 'refused').length;
  expect(failuresAfter(6)).toBe(5);
  await on.bench.clock.advance(3_599_999);
  on.lock.dispose();
  const again = await on.bench.makeLock(serialNumber, { identity: on.identity, memory: on.memory });
  await on.bench.clock.advance(3_599_999);
  failuresAfter(1, again);
  expect(refusals()).toBe(5);
  await on.bench.clock.advance(1);
  failuresAfter(2, again);
  expect(refusals()).toBe(6);
});

it('moves its motor at three percent of its battery, not below, and calls less than fifteen low', ({
  on,
}) => {
  const isLow = (percent: number): boolean => {
    on.lock.setBattery(percent);
    return decodeInfo(on.lock.readInfo()).batteryLow;
  };
  expect([isLow(15), isLow(14)]).toEqual([false, true]);
  on.lock.setBattery(3);
  expect(tellUnchecked(on.lock, on.credentials)).toMatchObject(opened);
  on.lock.setBattery(2);
  expect(tellUnchecked(on.lock, on.credentials)).toEqual({
    type: 'refused',
    refusal: { reason: 'battery_low' },
  });
});
