import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { serial } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';
import { goodCode, secrets } from './registering-backend.ts';

const newSerial = '0000051a000000ff';
const week = 7 * 24 * 3_600_000;

const test = kioskTest;

describe('registration', () => {
  test('by a person: wrong code, no answer, right code', async ({ kiosk }) => {
    await kiosk.start();
    expect(kiosk.view('kiosk')).toMatchObject({
      phase: 'unregistered',
      kioskName: 'Counter',
      storeName: null,
    });
    expect(kiosk.view('health').connection.state).toBe('unregistered');
    const wrong = { code: 'ZZZZ-ZZZZ-ZZZZ-ZZZZ', name: 'Till 2' };
    expect(await kiosk.call('registerKiosk', wrong)).toEqual(fail('sync.registration_refused'));
    kiosk.server.backend.fault = () => 'unreachable';
    const right = { code: goodCode, name: 'Till 2' };
    expect(await kiosk.call('registerKiosk', right)).toEqual(fail('sync.unreachable'));
    expect(kiosk.view('kiosk').phase).toBe('unregistered');
    kiosk.server.backend.fault = () => null;
    expect(await kiosk.call('registerKiosk', right)).toEqual(ok(null));
    await kiosk.until('staff are here', () => kiosk.view('kiosk').staff.length === 1);
    expect(kiosk.view('kiosk')).toMatchObject({
      phase: 'ready',
      kioskName: 'Till 2',
      storeName: 'Harbour Street',
    });
    expect(await kiosk.call('registerKiosk', right)).toEqual(fail('sync.registration_refused'));
  });

  test('by configuration, until the backend can be reached', async ({ kiosk }) => {
    kiosk.server.backend.fault = () => 'unreachable';
    await kiosk.start({ code: goodCode });
    await kiosk.until('it says why', () => kiosk.view('kiosk').notice?.code === 'sync.unreachable');
    await kiosk.clock.advance(20_000);
    expect(kiosk.view('kiosk').phase).toBe('unregistered');
    kiosk.server.backend.fault = () => null;
    // In small steps: what the backend does is real work, and the kiosk's deadline for it is this clock's.
    await kiosk.until('ready', () => kiosk.view('kiosk').phase === 'ready');
    expect(kiosk.view('kiosk').notice).toBeNull();
    expect(kiosk.server.registrations).toBe(1);
  });

  test.for([
    ['wrong', 'ZZZZ-ZZZZ-ZZZZ-ZZZZ', 'sync.registration_refused'],
    ['none', 'nonsense', 'config.invalid'],
  ] as const)(
    'by configuration with a code that is %s: said, and not tried again',
    async ([_what, code, said], { kiosk }) => {
      await kiosk.start({ code });
      await kiosk.until('it says why', () => kiosk.view('kiosk').notice?.code === said);
      expect(kiosk.view('kiosk').phase).toBe('unregistered');
    },
  );

  test('never where a secret could not be kept', async ({ kiosk }) => {
    await kiosk.start({ code: goodCode, secretStore: null });
    await kiosk.until('it says why', () => kiosk.view('kiosk').notice?.code === 'vault.no_secret_store');
    expect(kiosk.view('health').vault.state).toBe('no_secret_store');
    expect(kiosk.server.registrations).toBe(0);
  });
});

describe('a registered kiosk', () => {
  test('opens a lock online and offline, and its journal arrives', async ({ kiosk }) => {
    await kiosk.startReady();
    expect(await kiosk.call('unlock', { serialNumber: serial })).toEqual(fail('staff.not_signed_in'));
    await kiosk.signIn();
    kiosk.driver.hear(serial);
    expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({ value: { kind: 'open' } });
    expect(Buffer.from(kiosk.driver.lent?.intermediate ?? []).toString()).toBe('intermediate');
    kiosk.server.backend.fault = () => 'unreachable';
    expect(await kiosk.call('syncNow', null)).toEqual(fail('sync.unreachable'));
    kiosk.driver.hear(serial);
    expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({ value: { kind: 'open' } });
    await kiosk.until('it is shown', () => kiosk.view('health').connection.state === 'offline');
    kiosk.server.backend.fault = () => null;
    expect(await kiosk.call('syncNow', null)).toEqual(ok(null));
    const events = [...kiosk.server.backend.table('accessEvents').values()].map(({ document }) => document);
    expect(events).toMatchObject([
      { kind: 'signed_in', sequence: 1, offline: false },
      { kind: 'unlocked', sequence: 2, offline: false },
      { kind: 'unlocked', sequence: 3, offline: true },
    ]);
  });

  test('says of a lock that is out of reach when it last heard it, also after a restart', async ({
    kiosk,
  }) => {
    await kiosk.startReady();
    const tile = () => kiosk.view('locks').locks[0];
    expect(tile()).toMatchObject({ proximity: null, lastHeard: null });
    kiosk.driver.hear(tile()?.serialNumber ?? '');
    await kiosk.until('it is in range', () => tile()?.proximity != null);
    const at = kiosk.clock.now();
    expect(tile()?.lastHeard).toBeNull();
    await kiosk.until('it is out of range', () => tile()?.proximity === null);
    const known = tile()?.lastHeard;
    expect(known?.at).toBeLessThanOrEqual(at);
    await kiosk.stop();
    await kiosk.start();
    await kiosk.until('its locks are shown', () => tile() !== undefined);
    expect(tile()).toMatchObject({ proximity: null, lastHeard: known });
  });

  test('enrols offline, keeps the queue over a restart, and provisions when the key has come', async ({
    kiosk,
  }) => {
    await kiosk.startReady();
    await kiosk.signIn();
    kiosk.server.backend.fault = () => 'unreachable';
    kiosk.driver.hear(newSerial, { provisioned: false });
    await kiosk.until('it is seen', () => kiosk.view('newLocks').locks.length === 1);
    const request = { serialNumber: newSerial, name: 'Case 9', group: 'Razors' };
    expect((await kiosk.call('captureEnrolment', request)).ok).toBe(true);
    await kiosk.stop();
    await kiosk.start();
    expect(kiosk.view('enrolments').enrolments).toMatchObject([
      { state: 'captured', action: 'abandon', near: false },
    ]);
    kiosk.server.backend.onStored = (document) => ({ ...document, state: 'registered' });
    kiosk.server.backend.fault = () => null;
    await kiosk.call('syncNow', null);
    kiosk.server.backend.onStored = (document) => document;
    await kiosk.until('registered', () => kiosk.view('enrolments').enrolments[0]?.state === 'registered');
    expect(kiosk.driver.asked).toEqual([]);
  });

  test('opens nothing once the lease has run out, whatever is done to the clock', async ({ kiosk }) => {
    await kiosk.startReady();
    await kiosk.signIn();
    kiosk.server.backend.fault = () => 'unreachable';
    kiosk.clock.jump(week + 60_000);
    kiosk.driver.hear(serial);
    expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({
      value: { kind: 'not_open', error: { code: 'vault.lease_expired' } },
    });
    kiosk.clock.jump(-week);
    expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({
      value: { error: { code: 'vault.lease_expired' } },
    });
    await kiosk.until('time is called wrong', () => kiosk.view('health').time.state === 'wrong');
    kiosk.server.backend.fault = () => null;
    await kiosk.call('syncNow', null);
    await kiosk.until('the lease is renewed', () => kiosk.view('health').lease.state === 'valid');
    kiosk.driver.hear(serial);
    expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({ value: { kind: 'open' } });
  });

  test('that is revoked erases its keys and data for good, and can be registered anew', async ({ kiosk }) => {
    await kiosk.startReady();
    await kiosk.signIn();
    kiosk.server.backend.fault = () => 'revoked';
    await kiosk.call('syncNow', null);
    await kiosk.until('revoked', () => kiosk.view('kiosk').phase === 'revoked');
    await kiosk.until('erased', () => kiosk.view('locks').locks.length === 0);
    await kiosk.until('keys erased', () => readdirSync(join(kiosk.dataDir, 'vault')).length === 0);
    await kiosk.until('nobody is here', () => {
      const { session, staff } = kiosk.view('kiosk');
      return session === null && staff.length === 0;
    });
    await kiosk.stop();
    await kiosk.start({ code: 'nonsense' });
    await kiosk.until('still revoked', () => kiosk.view('kiosk').phase === 'revoked');
    kiosk.server.backend.fault = () => null;
    expect(await kiosk.call('registerKiosk', { code: goodCode, name: 'Counter' })).toEqual(ok(null));
    await kiosk.until('staff are here again', () => kiosk.view('kiosk').staff.length === 1);
    await kiosk.until('ready', () => kiosk.view('kiosk').phase === 'ready');
  });

  test('shows, logs and stores no secret', async ({ kiosk }) => {
    await kiosk.startReady();
    await kiosk.signIn();
    kiosk.driver.hear(serial);
    await kiosk.call('unlock', { serialNumber: serial });
    await kiosk.stop();
    const planted = [secrets.privateKey, 'canary', Buffer.from(secrets.privateKey, 'base64').toString()];
    const files = readdirSync(kiosk.dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(kiosk.dataDir, name))
      .filter((path) => statSync(path).isFile());
    for (const secret of planted) {
      expect(kiosk.shown.some((text) => text.includes(secret))).toBe(false);
      for (const file of files) expect(readFileSync(file).includes(secret)).toBe(false);
    }
    expect(kiosk.shown.join()).not.toContain('"hash"');
    expect(kiosk.driver.disposed).toBe(true);
  });
});
