/** Nothing is opened for a person who has been signed out meanwhile, however their session ended. */
import { describe, expect } from 'vitest';
import type { Result } from '#shared/errors/app-error.ts';
import { every } from '#shared/flow/every.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import { untilStopped } from '#support/fake-driver.ts';
import { ids, owner, serial, staffRow, storeRow } from '#support/kiosk-rows.ts';
import { kioskTest, type KioskUnderTest } from './kiosk-under-test.ts';

/** Another lock, that anybody may open. */
const beside = '0000051a000000ff';
const cancelled = { kind: 'not_open', error: { code: 'lock.cancelled' } };

const changeAt = async (
  kiosk: KioskUnderTest,
  collection: 'store' | 'staff',
  row: Readonly<Record<string, unknown>>,
): Promise<void> => {
  kiosk.server.backend.put(collection, row);
  await kiosk.call('syncNow', null);
};

const test = kioskTest
  .extend('begin', ({ kiosk }) => async (): Promise<void> => {
    await kiosk.startReady();
    await kiosk.signIn();
    kiosk.driver.hear(serial);
  })
  /** That the lock is being connected to, and the command has not left. */
  .extend(
    'connecting',
    ({ kiosk }) =>
      () =>
        kiosk.until('it connects', () => kiosk.driver.asked.includes(`unlock ${serial}`)),
  )
  .extend('journalSaysStopped', ({ kiosk }) => async (): Promise<void> => {
    await kiosk.call('syncNow', null);
    const events = [...kiosk.server.backend.table('accessEvents').values()].map(({ document }) => document);
    const stopped = { kind: 'not_unlocked', staffId: ids.ann, errorCode: 'lock.cancelled' };
    expect(events).toContainEqual(expect.objectContaining(stopped));
  });

const ends: readonly (readonly [how: string, end: (kiosk: KioskUnderTest) => Promise<unknown>])[] = [
  ['signed out', (kiosk) => kiosk.call('signOut', null)],
  ['taken off the list', (kiosk) => changeAt(kiosk, 'staff', { ...staffRow(ids.ann, 'Ann', '5555') })],
];

describe.each(ends)('whose session ends while their lock is connected to: %s', (_how, end) => {
  test('has it stopped, and the journal says so', async ({
    kiosk,
    begin,
    connecting,
    journalSaysStopped,
  }) => {
    await begin();
    kiosk.driver.onUnlock = untilStopped;
    const opening = kiosk.call('unlock', { serialNumber: serial });
    await connecting();
    await end(kiosk);
    expect(await opening).toMatchObject({ ok: true, value: cancelled });
    await journalSaysStopped();
  });

  test('a group stops too, also at the lock that is connected to already, whatever is heard meanwhile', async ({
    kiosk,
    begin,
    connecting,
    journalSaysStopped,
  }) => {
    await begin();
    kiosk.driver.onUnlock = untilStopped;
    let batteryLow = false;
    const stopHearing = every(kiosk.clock, 1_000, () => {
      batteryLow = !batteryLow;
      kiosk.driver.hear(serial, { batteryLow });
    });
    const opening = kiosk.call('unlockGroup', { serialNumbers: [serial] });
    await connecting();
    await end(kiosk);
    expect((await opening).ok).toBe(true);
    stopHearing();
    await journalSaysStopped();
  });
});

test('whom nobody touches is not signed out while a lock is opened for them, and can answer for 30 s after it', async ({
  kiosk,
  begin,
  connecting,
}) => {
  await begin();
  await changeAt(kiosk, 'store', storeRow({ idleSignOutSeconds: 10 }));
  let open = (): void => undefined;
  kiosk.driver.onUnlock = async (_serialNumber, operation) => {
    operation.onCommitted?.();
    await new Promise<void>((resolve) => (open = resolve));
    return { ok: true, value: { holdOpenSeconds: 5 } };
  };
  const began = kiosk.clock.now();
  const leftMs = (): number => (kiosk.view('kiosk').session?.idleAt ?? 0) - kiosk.clock.now();
  const opening = kiosk.call('unlockGroup', { serialNumbers: [serial, beside] });
  await connecting();
  await kiosk.until('a while has passed', () => kiosk.clock.now() - began > 8_000);
  expect(leftMs()).toBeGreaterThan(25_000);
  open();
  await opening;
  expect(leftMs()).toBeGreaterThan(25_000);
  await kiosk.until('idle', () => kiosk.view('kiosk').session === null);
});

test('a lock is given back for nobody who is gone', async ({ kiosk, begin }) => {
  await begin();
  const order = {
    trustId: '5f0c7c1e-3a0e-4d2a-9c51-0d6a5c2f7b11',
    kind: 'release_order',
    owner,
    serialNumber: serial,
    token: 'AAAA',
  };
  kiosk.server.backend.put('trust', order);
  await kiosk.call('syncNow', null);
  kiosk.driver.onRelease = untilStopped;
  const releasing = kiosk.call('releaseLock', { serialNumber: serial });
  await kiosk.until('it connects', () => kiosk.driver.asked.includes(`release ${serial}`));
  await kiosk.call('signOut', null);
  // Nothing else ends it: no time passes here.
  expect(await releasing).toMatchObject({ error: cancelled.error });
});

test('what was sent before cannot be called back: its outcome is waited for', async ({
  kiosk,
  begin,
  connecting,
}) => {
  await begin();
  let open = (): void => undefined;
  kiosk.driver.onUnlock = async (_serialNumber, operation) => {
    operation.onCommitted?.();
    await new Promise<void>((resolve) => (open = resolve));
    return { ok: true, value: { holdOpenSeconds: 5 } };
  };
  const opening: Promise<Result<CallOutput<'unlock'>>> = kiosk.call('unlock', { serialNumber: serial });
  await connecting();
  await kiosk.call('signOut', null);
  open();
  expect(await opening).toMatchObject({ ok: true, value: { kind: 'open' } });
});

test('who goes on touching the screen stops nothing', async ({ kiosk, begin }) => {
  await begin();
  kiosk.driver.onUnlock = async (_serialNumber, operation) => {
    await kiosk.call('touch', null);
    operation.onCommitted?.();
    return { ok: true, value: { holdOpenSeconds: 5 } };
  };
  expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({ value: { kind: 'open' } });
});
