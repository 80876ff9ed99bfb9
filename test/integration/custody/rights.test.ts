/** What the back office sets of who may open what, a kiosk obeys: offline exactly as online, and at once when it changes. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import { fail, ok } from '#shared/errors/app-error.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, pin, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

const leadPin = '693158';
const lead = { staffId: randomUUID(), name: 'Bea' };
const reasons = {
  choices: [{ code: 'sale', name: 'Sale' }],
  number: { name: 'Receipt', required: true },
};
const rightsWith = (rule: object): object => ({
  timeZone: 'Europe/Paris',
  roles: [],
  rules: [{ group: null, ...rule }],
});
/** Until a day in the distance. */
const openingDay = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
const closed = rightsWith({
  schedule: {
    weekly: [],
    exceptions: [{ date: openingDay, windows: [{ from: '08:00', until: '09:00' }] }],
  },
});
const sale = { code: 'sale', number: '4711-12' };

const staffSchema = z.looseObject({
  staff: z.array(z.looseObject({ staffId: z.string(), name: z.string() })),
});
const eventsSchema = z.looseObject({ events: z.array(z.looseObject({ kind: z.string() })) });

interface Scene {
  readonly kiosk: EstateKiosk;
  readonly lock: Lock;
  readonly annId: string;
  readonly put: (path: string, body: unknown) => Promise<unknown>;
  readonly get: (path: string) => Promise<unknown>;
}

const test = estateTest
  /** Ann, whom the store has had from its first day, has enrolled a lock and is signed in. */
  .extend('makeScene', ({ estate }) => async (): Promise<Scene> => {
    const storeId = await estate.makeStore();
    const kiosk = await EstateKiosk.at(estate, storeId);
    const lock = await kiosk.enrol();
    const put = (path: string, body: unknown): Promise<unknown> =>
      estate.admin('PUT', `/stores/${storeId}${path}`, body);
    const get = (path: string): Promise<unknown> => estate.admin('GET', `/stores/${storeId}${path}`);
    await put(`/staff/${lead.staffId}`, { name: lead.name, pin: leadPin, roles: ['lead'] });
    const { staff } = staffSchema.parse(await get('/staff'));
    return { kiosk, lock, put, get, annId: staff.find(({ name }) => name === 'Ann')?.staffId ?? '' };
  });

const open = { value: { kind: 'open' } };

test('two people, a reason and a role, set at the backend and obeyed without it; the events tell all of it', async ({
  makeScene,
}) => {
  const { kiosk, lock, annId, put, get } = await makeScene();
  const { serialNumber } = lock.identity;
  expect(await kiosk.unlock(lock)).toMatchObject(open);
  await put('/rights', rightsWith({ twoPeople: true, reasons }));
  await put(`/staff/${annId}`, { name: 'Ann', roles: ['associate'] });
  // The two come with collections of their own.
  await eventually(() =>
    kiosk.requireView('kiosk', ({ session }) => session?.permissions.includes('enrol') === false),
  );
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.needs?.secondPerson === true));
  kiosk.network = 'cut';
  await kiosk.stop();
  await kiosk.start();
  const { staff, timeZone } = kiosk.view('kiosk');
  expect(timeZone).toBe('Europe/Paris');
  expect(staff.map(({ name }) => name)).toEqual(['Ann', 'Bea']);
  expect(await kiosk.call('signIn', { staffId: annId, pin })).toEqual(ok(null));
  // The tiles come by a stream of their own.
  await eventually(() =>
    expect(kiosk.view('locks').locks).toMatchObject([{ needs: { secondPerson: true, reasons } }]),
  );

  const unlock = (asked?: object): Promise<unknown> =>
    kiosk.call('unlock', { serialNumber, ...(asked ? { asked } : {}) });
  const byLead = { staffId: lead.staffId, pin: leadPin };
  expect(await unlock()).toEqual(fail('rights.reason_needed'));
  expect(await unlock({ reason: sale })).toEqual(fail('rights.second_person_needed'));
  expect(await unlock({ reason: sale, approval: { staffId: annId, pin } })).toEqual(
    fail('rights.same_person'),
  );
  expect(await unlock({ reason: sale, approval: { ...byLead, pin: '111111' } })).toMatchObject({
    error: { code: 'staff.wrong_pin' },
  });
  expect(await unlock({ reason: sale, approval: byLead })).toMatchObject(open);
  const renamed = await kiosk.call('renameLock', { serialNumber, name: 'Mine', group: '' });
  expect(renamed).toEqual(fail('rights.not_permitted'));
  expect(await kiosk.call('whoMay', { serialNumber })).toEqual(
    ok({ open: [{ staffId: annId, name: 'Ann' }, lead], approve: [lead] }),
  );

  kiosk.network = 'up';
  await eventually(async () => {
    const { events } = eventsSchema.parse(await get('/events'));
    const told = { method: 'pin', group: '', reason: sale };
    expect(events).toContainEqual(
      expect.objectContaining({
        ...told,
        kind: 'unlocked',
        offline: true,
        approver: { staffId: lead.staffId, method: 'pin' },
      }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'refused', errorCode: 'rights.same_person', staffId: annId }),
    );
  });
});

test('what changes at the backend holds at the kiosk within moments: hours, and the end of a person’s time', async ({
  makeScene,
}) => {
  const { kiosk, lock, annId, put } = await makeScene();
  expect(await kiosk.unlock(lock)).toMatchObject(open);
  await put('/rights', closed);
  await eventually(() =>
    kiosk.requireView('locks', ({ locks }) => locks[0]?.obstacle?.code === 'rights.outside_hours'),
  );
  kiosk.driver.asked.length = 0;
  expect(await kiosk.unlock(lock)).toMatchObject({
    error: { code: 'rights.outside_hours' },
  });
  expect(kiosk.driver.asked).toEqual([]);
  await put('/rights', rightsWith({}));
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.obstacle === null));
  expect(await kiosk.unlock(lock)).toMatchObject(open);
  await put(`/staff/${annId}`, { name: 'Ann', until: '2020-12-31' });
  await eventually(() => kiosk.requireView('kiosk', ({ session }) => session === null));
  expect(kiosk.view('kiosk').staff.map(({ name }) => name)).toEqual(['Bea']);
  expect(await kiosk.call('signIn', { staffId: annId, pin })).toEqual(fail('staff.ended'));
});
