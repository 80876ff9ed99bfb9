/** A lock that is named anew at one kiosk without a connection, and what the store's other kiosk shows of it. */
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

const test = estateTest;

const shows = async (kiosk: EstateKiosk, name: string): Promise<void> => {
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.name === name));
};

test('a name given offline is shown here at once and after a restart, and by the other kiosk once this one is online', async ({
  estate,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const other = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  const { serialNumber } = lock.identity;
  await eventually(() => other.requireView('locks', ({ locks }) => locks.length === 1));

  kiosk.network = 'cut';
  expect(await kiosk.call('renameLock', { serialNumber, name: 'Gin, left', group: 'Spirits' })).toEqual(
    ok(null),
  );
  await shows(kiosk, 'Gin, left');
  await kiosk.stop();
  await kiosk.start();
  await shows(kiosk, 'Gin, left');

  kiosk.network = 'up';
  await kiosk.call('syncNow', null);
  await shows(other, 'Gin, left');
  await shows(kiosk, 'Gin, left');
}, 90_000);
