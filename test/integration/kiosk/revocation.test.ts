/** What is under way in a kiosk while it is revoked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { serial } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';
import { goodCode } from './registering-backend.ts';

const newSerial = '0000051a000000ff';

const test = kioskTest.extend('revoke', ({ kiosk }) => async (): Promise<void> => {
  kiosk.server.backend.fault = () => 'revoked';
  await kiosk.call('syncNow', null);
  await kiosk.until('revoked', () => kiosk.view('kiosk').phase === 'revoked');
});

test('a revocation stops an unlock whose command has not left', async ({ kiosk, revoke }) => {
  await kiosk.startReady();
  await kiosk.signIn();
  kiosk.driver.hear(serial);
  let answer = (): void => undefined;
  let stopped = false;
  kiosk.driver.onUnlock = (serialNumber, { signal, onCommitted }) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => {
        stopped = true;
        resolve({ ok: false, error: { code: 'lock.cancelled', params: { serialNumber } } });
      });
      answer = () => {
        if (signal?.aborted) return;
        onCommitted?.();
        resolve(ok({ holdOpenSeconds: 5 }));
      };
    });
  const unlocking = kiosk.call('unlock', { serialNumber: serial });
  await kiosk.until('it is being opened', () => kiosk.driver.asked.length === 1);
  await revoke();
  await kiosk.until('erased', () => kiosk.view('locks').locks.length === 0);
  answer();
  // Neither opened by a kiosk that is revoked and whose keys are erased, nor without an access event.
  expect([stopped, await unlocking]).toMatchObject([
    true,
    { value: { kind: 'not_open', error: { code: 'lock.cancelled' } } },
  ]);
});

test('a revocation stops a group unlock whose commands have not left', async ({ kiosk, revoke }) => {
  await kiosk.startReady();
  await kiosk.signIn();
  kiosk.driver.hear(serial);
  let stopped = false;
  kiosk.driver.onUnlock = (serialNumber, { signal }) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () => {
        stopped = true;
        resolve({ ok: false, error: { code: 'lock.cancelled', params: { serialNumber } } });
      });
    });
  const unlocking = kiosk.call('unlockGroup', { serialNumbers: [serial] });
  await kiosk.until('it is being opened', () => kiosk.driver.asked.length === 1);
  await revoke();
  await kiosk.until('it is stopped', () => stopped);
  await kiosk.until('erased', () => kiosk.view('locks').locks.length === 0);
  await unlocking;
});

test('what was being captured while the kiosk was revoked is not handed to whoever registers it anew', async ({
  kiosk,
  revoke,
}) => {
  await kiosk.startReady();
  await kiosk.signIn();
  kiosk.driver.hear(newSerial, { provisioned: false });
  await kiosk.until('it is seen', () => kiosk.view('newLocks').locks.length === 1);
  const offered = kiosk.driver.onReadEnrolment;
  let read = (): void => undefined;
  kiosk.driver.onReadEnrolment = (serialNumber, operation) =>
    new Promise((resolve) => {
      read = () => resolve(offered(serialNumber, operation));
    });
  const captured = kiosk.call('captureEnrolment', {
    serialNumber: newSerial,
    name: 'Case 9',
    group: 'Razors',
  });
  captured.catch(() => undefined);
  await kiosk.until('it is being read', () => kiosk.driver.asked.length === 1);
  await revoke();
  await kiosk.until('erased', () => kiosk.view('locks').locks.length === 0);
  read();
  await captured.catch(() => undefined);
  await sleep(50);
  await kiosk.clock.advance(500);
  expect(kiosk.view('enrolments').enrolments).toEqual([]);
  kiosk.server.backend.fault = () => null;
  expect(await kiosk.call('registerKiosk', { code: goodCode, name: 'Counter' })).toEqual(ok(null));
  await kiosk.until('online', () => kiosk.view('health').connection.state === 'online');
  expect([...kiosk.server.backend.table('enrolments').values()]).toEqual([]);
});
