/** After a refusal: neither end goes on, nothing of the chain is remembered, and nothing interrupts a command. */
import { expect, test } from 'vitest';
import { makeCertificate } from '#support/certificate-maker.ts';
import {
  customerKey,
  day,
  expectations,
  intermediateRequest,
  keyCalled,
  kioskEnd,
  type KioskEnd,
  leafRequest,
  lockEnd,
  rootKey,
  worldNow,
} from '#support/link-world.ts';
import { createCertificateCache } from './lock/certificate-cache.ts';
import type { LockCommand } from './wire/commands.ts';
import { plainIdentify } from './wire/link-messages.ts';
import type { KioskAction } from './kiosk/session.ts';
import type { LockAction, LockSession } from './lock/session.ts';

const status: LockCommand = { type: 'status' };
const ended = { type: 'failed', failure: 'ended' };
const chainRefused = { type: 'failed', failure: 'chain_refused' };

const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(`expected a message, got ${action.type}`);
  return action.message;
};
const messageOf = (action: LockAction): Uint8Array => {
  if (action.type !== 'failed' || action.message === null) throw new Error(`no refusal: ${action.type}`);
  return action.message;
};
const firstFlight = (kiosk: KioskEnd, lock: LockSession): Uint8Array => {
  kiosk.receive(sent(lock.receive(sent(kiosk.start()))));
  return sent(kiosk.command(status));
};
const answerStatus = (lock: LockSession) =>
  lock.answer({
    type: 'status',
    status: { provisioned: true, boltOpen: false, tamper: false, batteryLow: false, battery: 90 },
  }).message;

test('a chain that was refused in message 3 is not taken in the same session, whatever changes', () => {
  let minKeyEpoch = 2;
  const kiosk = kioskEnd();
  const lock = lockEnd({ expectations: () => expectations({ minKeyEpoch }) });
  const flight = firstFlight(kiosk, lock);
  const refusal = lock.receive(flight);
  expect(refusal).toMatchObject({ ...chainRefused, reason: 'key_epoch_revoked' });
  minKeyEpoch = 1;
  expect(lock.receive(flight)).toMatchObject(ended);
  expect(() => answerStatus(lock)).toThrow('ended');
  expect(kiosk.receive(messageOf(refusal))).toMatchObject({ result: { type: 'refused' } });
  expect(() => kiosk.command(status)).toThrow('ended');
  expect(kiosk.receive(Uint8Array.of(4, 1, 2, 3))).toEqual({ ...ended, committed: false });
});

test('a lock that has refused a record takes no further one', () => {
  let minCustomerEpoch = 1;
  const kiosk = kioskEnd();
  const lock = lockEnd({ expectations: () => expectations({ minCustomerEpoch }) });
  lock.receive(firstFlight(kiosk, lock));
  kiosk.receive(answerStatus(lock));
  minCustomerEpoch = 2;
  const record = sent(kiosk.command(status));
  expect(lock.receive(record)).toMatchObject({ ...chainRefused, reason: 'intermediate_epoch_revoked' });
  minCustomerEpoch = 1;
  expect(lock.receive(record)).toMatchObject(ended);
});

test.each([
  ['a Key Certificate below the epoch', { minKeyEpoch: 2 }],
  ['a Key Certificate of another key', { keyPublic: keyCalled('other').publicKey }],
  ['another customer’s intermediate', { customerKey: keyCalled('other').publicKey }],
])('nothing is remembered of %s', (_name, change) => {
  const cache = createCertificateCache();
  const kiosk = kioskEnd();
  const lock = lockEnd({ cache, expectations: () => expectations(change) });
  expect(lock.receive(firstFlight(kiosk, lock))).toMatchObject(chainRefused);
  expect([cache.leaf(), cache.intermediates()]).toEqual([null, []]);
});

test('a refused chain does not displace the one that the lock remembers', () => {
  const cache = createCertificateCache();
  const tell = (change: Parameters<typeof kioskEnd>[0]): LockAction => {
    const [kiosk, lock] = [kioskEnd(change), lockEnd({ cache })];
    return lock.receive(firstFlight(kiosk, lock));
  };
  expect(tell({})).toMatchObject({ type: 'command' });
  const kept = [cache.leaf(), cache.intermediates()];
  const revoked = makeCertificate(leafRequest({ notAfter: worldNow - 1000 }), customerKey);
  const renewed = makeCertificate(intermediateRequest({ notAfter: worldNow + 2 * day }), rootKey);
  expect(tell({ keyCertificate: revoked, intermediate: renewed })).toMatchObject(chainRefused);
  // Under the intermediate that it has cached.
  expect(tell({ keyCertificate: revoked })).toMatchObject(chainRefused);
  expect([cache.leaf(), cache.intermediates()]).toEqual(kept);
});

test.each<[string, () => Uint8Array]>([
  ['message 1', () => sent(kioskEnd().start())],
  ['message 3', () => firstFlight(kioskEnd(), lockEnd())],
  ['plain identify', () => plainIdentify],
])('a lock that works on a command takes no %s', (_name, message) => {
  const kiosk = kioskEnd();
  const lock = lockEnd();
  expect(lock.receive(firstFlight(kiosk, lock))).toMatchObject({ type: 'command' });
  expect(lock.receive(message())).toMatchObject({ type: 'failed', failure: 'out_of_order' });
});

test('a lock that is asked to blink takes no message 1 before it has answered', () => {
  const lock = lockEnd();
  expect(lock.receive(plainIdentify)).toEqual({ type: 'identify' });
  expect(lock.receive(sent(kioskEnd().start()))).toMatchObject({ failure: 'out_of_order' });
});
