/** What one kiosk may have in the line for a serial number. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { someSerial } from './test-kiosk.ts';
import { storeTest as test } from './store-test.ts';

test('one of a kiosk waits for a serial number, whatever kiosk it names when it sends another again', async ({
  world,
  kiosk,
}) => {
  const answer = Promise.withResolvers<undefined>();
  world.vendor.hold = answer.promise;
  const serialNumber = someSerial();
  await kiosk.pushOne(kiosk.capture(serialNumber));
  const other = await world.makeKiosk(await world.makeStore());
  expect(await other.pushOne(other.capture(serialNumber))).toMatchObject({ status: 'accepted' });
  const second = other.capture(serialNumber);
  expect(await other.pushOne(second)).toMatchObject({ status: 'conflict' });
  const renamed = { ...second, kioskId: randomUUID(), operationId: randomUUID() };
  expect(await other.pushOne(renamed)).toMatchObject({
    status: 'conflict',
    master: { state: 'conflicted' },
  });
  answer.resolve(undefined);
});
