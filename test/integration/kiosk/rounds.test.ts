/** What is done at a whole kiosk beside opening: a battery round, and the way out; both are in the journal, and the backend has it. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { ids, serial, staffRow } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';
import { secrets } from './registering-backend.ts';

const test = kioskTest.extend('told', ({ kiosk }) => async (kind: string): Promise<readonly unknown[]> => {
  await kiosk.call('syncNow', null);
  const events = [...kiosk.server.backend.table('accessEvents').values()].map(({ document }) => document);
  return events.filter((event) => 'kind' in event && event.kind === kind);
});

test('a battery that is low is read, told, on the list, changed by a person, and off it', async ({
  kiosk,
  told,
}) => {
  await kiosk.startReady();
  kiosk.driver.hear(serial, { battery: 12 });
  await kiosk.clock.advance(15 * 60_000);
  expect(await told('batteries_read')).toMatchObject([
    { batteries: [{ serialNumber: serial, percent: 12 }] },
  ]);
  expect(await kiosk.call('readBatteries', null)).toEqual(fail('staff.not_signed_in'));
  await kiosk.signIn();
  expect(await kiosk.call('readBatteries', null)).toMatchObject({
    value: { change: [{ serialNumber: serial, percent: 12, days: null }], silent: [] },
  });
  const round = { changed: [serial], left: 0, serialNumbers: [] };
  expect(await kiosk.call('signBatteryRound', { changed: [serial] })).toEqual(ok(round));
  expect(await kiosk.call('readBatteries', null)).toMatchObject({ value: { change: [], few: 1 } });
  expect(await told('battery_round')).toMatchObject([{ staffId: ids.ann, round }]);
});

test('who may leaves it by their PIN, once it is on record; nobody without a role does', async ({
  kiosk,
  told,
}) => {
  await kiosk.startReady();
  await kiosk.signIn();
  const asked = { pin: secrets.pin };
  expect(kiosk.view('kiosk')).toMatchObject({ canLeave: true, seesHealth: true });
  expect(await kiosk.call('leaveKiosk', asked)).toEqual(fail('rights.not_permitted'));
  await kiosk.call('signOut', null);
  kiosk.server.backend.put('staff', { ...staffRow(ids.ann, 'Ann', secrets.pin), roles: ['manager'] });
  await kiosk.call('syncNow', null);
  const may = () => kiosk.view('kiosk').session?.permissions.includes('leave_kiosk') ?? false;
  await kiosk.signIn();
  await kiosk.until('Ann may leave', may);
  expect(await kiosk.call('leaveKiosk', asked)).toEqual(ok(null));
  expect(kiosk.left).toBe(0);
  await kiosk.until('the host is told to end', () => kiosk.left === 1);
  expect(kiosk.view('kiosk').session).toBeNull();
  expect(await told('kiosk_left')).toMatchObject([{ staffId: ids.ann, method: 'pin' }]);
});
