/** Alarms of a whole kiosk: who is told of them, who acknowledges them, and what the backend hears of it. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';

const test = kioskTest.extend(
  'told',
  ({ kiosk }) =>
    (): unknown[] =>
      [...kiosk.server.backend.table('accessEvents').values()]
        .map(({ document }) => document)
        .filter(({ kind }) => String(kind).startsWith('alarm_'))
        .map(({ kind, alarm, serialNumber, staffId }) => [kind, alarm, serialNumber, staffId]),
);

test('an alarm is told and delivered once, over a restart; a person acknowledges it, and the lock ends it', async ({
  kiosk,
  told,
}) => {
  await kiosk.startReady();
  kiosk.driver.hear(serial, { tamper: true });
  await kiosk.until('it is told', () => kiosk.view('alarms').count === 1);
  // To who is not signed in: that there is one, and no more.
  expect(kiosk.view('alarms').alarms).toEqual([]);
  const call = { kind: 'tampered', serialNumber: serial } as const;
  expect(await kiosk.call('acknowledgeAlarm', call)).toEqual(fail('staff.not_signed_in'));

  await kiosk.stop();
  await kiosk.start();
  kiosk.driver.hear(serial, { tamper: true });
  await kiosk.signIn();
  await kiosk.until('all of it is told', () => kiosk.view('alarms').alarms.length === 1);
  expect(kiosk.view('alarms').alarms).toMatchObject([
    { kind: 'tampered', lock: { serialNumber: serial }, acknowledged: null },
  ]);
  expect(kiosk.view('locks').locks[0]?.alarms).toMatchObject([{ kind: 'tampered', acknowledged: false }]);
  expect(await kiosk.call('acknowledgeAlarm', call)).toEqual(ok(null));
  await kiosk.until('it waits for nobody', () => kiosk.view('alarms').count === 0);
  expect(kiosk.view('alarms').alarms[0]?.acknowledged?.name).toBe('Ann');
  kiosk.driver.hear(serial);
  await kiosk.until('it is over', () => kiosk.view('alarms').alarms.length === 0);
  expect(await kiosk.call('syncNow', null)).toEqual(ok(null));
  expect(told()).toEqual([
    ['alarm_raised', 'tampered', serial, null],
    ['alarm_acknowledged', 'tampered', serial, ids.ann],
    ['alarm_ended', 'tampered', serial, null],
  ]);
});
