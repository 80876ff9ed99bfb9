/** Which locks are this store's, from what the backend says and from what was provisioned here. */
import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { FakeData } from '#support/fake-data.ts';
import { enrolmentRow, lockRow, serial } from '#support/kiosk-rows.ts';
import { storeLocks } from './store-locks.ts';

const key = { serialNumber: serial, sealed: 'sealed', version: 4 };
const provisioned = enrolmentRow({ state: 'provisioned', serialNumber: serial, name: 'As it was enrolled' });
const namesOf = async (data: FakeData): Promise<readonly string[]> =>
  [...(await firstValueFrom(storeLocks(data))).values()].map(({ name }) => name);

test('a lock that was provisioned here counts before the backend says so, once its key is here', async () => {
  const data = new FakeData();
  data.enrolments$.next([provisioned]);
  expect(await namesOf(data)).toEqual([]);
  data.pull({ keys: [key] });
  expect(await namesOf(data)).toEqual(['As it was enrolled']);
  data.enrolments$.next([{ ...provisioned, state: 'registered' }]);
  expect(await namesOf(data)).toEqual([]);
});

test('what the backend says of a lock counts more than its enrolment', async () => {
  const data = new FakeData();
  data.enrolments$.next([provisioned]);
  data.pull({ keys: [key], locks: [lockRow(serial, { name: 'As it is called now' })] });
  expect(await namesOf(data)).toEqual(['As it is called now']);
});
