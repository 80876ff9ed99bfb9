/** A customer who waits, through a whole kiosk: said by somebody who is not signed in, served by the first opening, told to the backend. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { ids, serial, storeRow } from '#support/kiosk-rows.ts';
import { kioskTest } from './kiosk-under-test.ts';

const test = kioskTest;

test('is said to wait by whoever stands there, served by the first lock that opens, and counted', async ({
  kiosk,
}) => {
  await kiosk.startReady();
  expect(kiosk.view('kiosk').customer).toBeUndefined();
  expect(await kiosk.call('customerWaiting', null)).toEqual(fail('rights.not_permitted'));
  kiosk.server.backend.put('store', { ...storeRow({ customerWaitsMinutes: 15 }) });
  await kiosk.call('syncNow', null);
  await kiosk.until('it is for this store', () => kiosk.view('kiosk').customer !== undefined);
  expect(await kiosk.call('customerWaiting', null)).toEqual(ok(null));
  await kiosk.until('somebody waits', () => kiosk.view('kiosk').customer?.since != null);
  expect(await kiosk.call('callOffCustomer', null)).toEqual(fail('staff.not_signed_in'));
  await kiosk.signIn();
  kiosk.driver.hear(serial);
  expect(await kiosk.call('unlock', { serialNumber: serial })).toMatchObject({ value: { kind: 'open' } });
  await kiosk.until('nobody waits', () => kiosk.view('kiosk').customer?.since === null);
  const summed = await kiosk.call('sumUpActivity', { filter: {} });
  expect(summed).toMatchObject({ value: { serving: { all: { count: 1 }, groups: [{ group: 'Perfume' }] } } });
  await kiosk.call('syncNow', null);
  const events = [...kiosk.server.backend.table('accessEvents').values()].map(({ document }) => document);
  expect(events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'customer_waiting', staffId: null }),
      expect.objectContaining({ kind: 'customer_served', staffId: ids.ann, serialNumber: serial }),
    ]),
  );
});
