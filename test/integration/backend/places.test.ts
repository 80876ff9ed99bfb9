/** What people name is a place: locks come and go in it, and its history reads as one. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { eventsAnswerSchema, locksAnswerSchema } from '#backend/admin/answers.ts';
import { places as placesMigration } from '#backend/store/migrations/0029-places.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import { eventually } from './world.ts';
import { naming, spare, placesTest as test } from './places-scene.ts';
/** Whatever was done, each lock and its place say the same. */
test.afterEach(async ({ scene: { mend } }) => expect(await mend()).toBe(0));

test('the new lock has the name, the group and the place; the old one is a spare with its key and its rule', async ({
  world,
  storeId,
  kiosk,
  serialNumber: old,
  scene: { addLock, tell, replaced, lockOf, placeId },
}) => {
  const by = await addLock();
  await tell(replaced(old, by, Date.now()));
  expect(await lockOf(by)).toMatchObject({ ...naming, place: placeId });
  expect(await lockOf(old)).toMatchObject(spare(old));
  const keys = (await kiosk.pullAll('keyCertificates')).map((key) => key['serialNumber']);
  expect(keys).toEqual(expect.arrayContaining([old, by]));
  const { locks } = locksAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/locks`)).body);
  expect(locks.find((lock) => lock.serialNumber === old)).toMatchObject({ placeId: null, hasKey: true });
});

test('the history of a place reads as one over the locks that were in it', async ({
  world,
  storeId,
  serialNumber: old,
  scene: { addLock, journal, tell, placeId, replaced, history },
}) => {
  const by = await addLock();
  const at = Date.now() + 5_000;
  world.clock.offsetMs = 60_000;
  const opened = (serialNumber: string, when: number, place?: string) =>
    journal.one({ serialNumber, at: when, ...(place === undefined ? {} : { place }) });
  // The first is of a kiosk that knows no places yet, the last of the old lock, after it had left.
  await tell(opened(old, at - 2_000));
  await tell(opened(old, at - 1_000, placeId));
  await tell(replaced(old, by, at));
  await tell(opened(by, at, placeId));
  await tell(opened(old, at));
  const { body } = await world.admin('GET', `/stores/${storeId}/events?placeId=${placeId}`);
  const told = eventsAnswerSchema.parse(body).events.reverse();
  expect(told.map(({ kind, serialNumber }) => [kind, serialNumber])).toEqual([
    ['unlocked', old],
    ['unlocked', old],
    ['lock_replaced', old],
    ['unlocked', by],
  ]);
  expect((await history()).locks).toEqual([
    { serialNumber: by, since: at, until: null },
    { serialNumber: old, since: expect.any(Number) as number, until: at },
  ]);
});

test.for(['in that order', 'the later one first'])(
  'of two that replaced one lock offline, told %s, the later holds and the earlier was there until then',
  async (
    order,
    { world, storeId, serialNumber: old, scene: { addLock, tell, replaced, history, lockOf, placeId } },
  ) => {
    const [first, second] = [await addLock(), await addLock()];
    const other = await world.makeKiosk(storeId);
    const at = Date.now() + 1_000;
    world.clock.offsetMs = 60_000;
    const tellFirst = () => tell(replaced(old, first, at));
    const tellSecond = () => tell(replaced(old, second, at + 500, createJournalWriter(other)), other);
    for (const one of order === 'in that order' ? [tellFirst, tellSecond] : [tellSecond, tellFirst])
      await one();
    expect((await history()).locks.map(({ serialNumber, until }) => [serialNumber, until])).toEqual([
      [second, null],
      [first, at + 500],
      [old, at],
    ]);
    expect(await lockOf(second)).toMatchObject({ ...naming, place: placeId });
    expect(await lockOf(first)).toMatchObject(spare(first));
    expect(await lockOf(old)).toMatchObject(spare(old));
  },
);

test.for(['in that order', 'the later one first'])(
  'a lock that was put in two places, told %s, is where it was put last; the other is empty, and a name fills it again',
  async (
    order,
    {
      world,
      storeId,
      serialNumber: old,
      scene: { addLock, rename, placeOf, tell, replaced, lockOf, places, placeId, history },
    },
  ) => {
    const [by, third] = [await addLock(), await addLock()];
    await rename(third, { name: 'Drawer', group: 'Spirits' });
    const drawer = await placeOf(third);
    const other = await world.makeKiosk(storeId);
    const at = Date.now() + 1_000;
    world.clock.offsetMs = 60_000;
    const tellFirst = () => tell(replaced(old, by, at));
    const tellSecond = () => tell(replaced(third, by, at + 500, createJournalWriter(other), drawer), other);
    for (const one of order === 'in that order' ? [tellFirst, tellSecond] : [tellSecond, tellFirst])
      await one();
    expect(await lockOf(by)).toMatchObject({ name: 'Drawer', place: drawer });
    expect((await places()).find((place) => place.placeId === placeId)?.lock).toBeNull();
    expect((await history()).locks[0]).toEqual({ serialNumber: by, since: at, until: at + 500 });
    expect(await lockOf(old)).toMatchObject(spare(old));
    await rename(old);
    expect(await lockOf(old)).toMatchObject({ ...naming, place: placeId });
  },
);

test('a kiosk whose clock is wrong replaces the lock that it saw there all the same', async ({
  serialNumber: old,
  scene: { addLock, tell, replaced, lockOf, placeId, history },
}) => {
  const by = await addLock();
  await tell(replaced(old, by, 1_000));
  expect(await lockOf(by)).toMatchObject({ ...naming, place: placeId });
  await tell(replaced(by, old, Date.now() + 86_400_000));
  expect(await lockOf(old)).toMatchObject({ ...naming, place: placeId });
  expect((await history()).locks[0]?.since).toBeLessThan(Date.now() + 60_000);
});

test('told twice it is done once; of another store, or by a lock that is none, nothing comes', async ({
  world,
  serialNumber: old,
  scene: { addLock, replaced, tell, history, lockOf, placeId },
}) => {
  const by = await addLock();
  const event = replaced(old, by, Date.now());
  await tell(event);
  await tell(event);
  await tell(replaced(by, by, Date.now()));
  await tell(replaced(by, someSerial(), Date.now()));
  const otherStore = await world.makeKiosk(await world.makeStore());
  await tell(replaced(by, old, Date.now(), createJournalWriter(otherStore)), otherStore);
  expect((await history()).locks).toHaveLength(2);
  expect(await lockOf(by)).toMatchObject({ ...naming, place: placeId });
});

test('what is named and replaced in one go is done in that order', async ({
  kiosk,
  serialNumber: old,
  scene: { addLock, replaced, journal, history },
}) => {
  const by = await addLock();
  const cellar = { name: 'Cellar', group: 'Spirits' };
  const bare = { at: Date.now(), attemptId: null, stageMs: {} };
  const events = [
    replaced(old, by, bare.at),
    journal.one({ ...bare, kind: 'lock_renamed', serialNumber: by, renaming: { from: naming, to: cellar } }),
  ];
  await kiosk.push('accessEvents', events);
  expect(await history()).toMatchObject(cellar);
});

test('a lock that is registered to replace another waits as a spare until it is ready', async ({
  kiosk,
  serialNumber: old,
  scene: { lockOf, placeId, tell, replaced },
}) => {
  const capture = { ...kiosk.capture(someSerial()), ...naming, replaces: old };
  await kiosk.pushOne(capture);
  await eventually(async () =>
    expect(await lockOf(capture.serialNumber)).toMatchObject(spare(capture.serialNumber)),
  );
  const [enrolment] = (await kiosk.pullAll('enrolments')).filter((each) => each['replaces'] === old);
  expect(enrolment).toMatchObject({ serialNumber: capture.serialNumber, ...naming });
  expect(await lockOf(old)).toMatchObject({ ...naming, place: placeId });
  await tell(replaced(old, capture.serialNumber, Date.now()));
  expect(await lockOf(capture.serialNumber)).toMatchObject({ ...naming, place: placeId });
});

test('a lock that is given back leaves its place; the next of its name goes on in it', async ({
  kiosk,
  serialNumber: old,
  scene: { orderBack, tell, journal, history, placeOf, placeId },
}) => {
  await orderBack(old);
  await tell(journal.released(old));
  expect((await history()).locks).toMatchObject([{ serialNumber: old, until: expect.any(Number) as number }]);
  const next = { ...kiosk.capture(someSerial()), ...naming };
  await kiosk.pushOne(next);
  await eventually(async () => expect(await placeOf(next.serialNumber)).toBe(placeId));
});

test('given back by a kiosk whose clock is ahead, it was there until now; who comes next is there alone', async ({
  kiosk,
  serialNumber: old,
  scene: { orderBack, tell, givenBack, placeOf, placeId, history, addLock, replaced, lockOf },
}) => {
  await orderBack(old);
  await tell(givenBack(old, Date.now() + 86_400_000));
  const next = { ...kiosk.capture(someSerial()), ...naming };
  await kiosk.pushOne(next);
  await eventually(async () => expect(await placeOf(next.serialNumber)).toBe(placeId));
  const [there, before] = (await history()).locks;
  expect(there).toMatchObject({ serialNumber: next.serialNumber, until: null });
  expect(before?.until).toBeLessThanOrEqual(there?.since ?? 0);
  expect(before?.until).toBeLessThanOrEqual(Date.now());
  const by = await addLock();
  await tell(replaced(next.serialNumber, by, Date.now()));
  expect(await lockOf(next.serialNumber)).toMatchObject(spare(next.serialNumber));
});

test('where the clock has gone back since, the next stay in a place begins when the one before ended', async ({
  world,
  kiosk,
  serialNumber: old,
  scene: { orderBack, tell, givenBack, placeOf, placeId, history },
}) => {
  await orderBack(old);
  world.clock.offsetMs = 60_000;
  await tell(givenBack(old, Date.now() + 60_000));
  world.clock.offsetMs = 0;
  const next = { ...kiosk.capture(someSerial()), ...naming };
  await kiosk.pushOne(next);
  await eventually(async () => expect(await placeOf(next.serialNumber)).toBe(placeId));
  const [there, before] = (await history()).locks;
  expect(there?.since).toBe(before?.until);
});

test('what a backend that knows no places has done beside this one is put right, once', async ({
  world,
  db,
  storeId,
  serialNumber: old,
  scene: { addLock, tell, replaced, mend, lockOf, places },
}) => {
  const [other, third, fourth] = [await addLock(), await addLock(), await addLock()];
  const own = { tenant_id: world.config.tenantId, store_id: storeId };
  const set = (serialNumber: string, values: object) =>
    db
      .updateTable('locks')
      .set(values)
      .where((row) => row.and({ ...own, serial_number: serialNumber }))
      .execute();
  const cellar = { name: 'Cellar', group: 'Wine' };
  // It renames one, forgets another, and takes a third in; a spare of this release is named by it.
  await set(old, { name: cellar.name, group_name: cellar.group });
  await set(other, { deleted: true, name: '', group_name: '', type: '', device_certificate: '' });
  await db.deleteFrom('occupancies').where('serial_number', '=', third).execute();
  await set(third, { place_id: null, name: 'Counter' });
  await tell(replaced(old, fourth, Date.now()));
  await set(old, { name: 'Window', group_name: '' });

  expect(await mend()).toBe(3);
  expect(await mend()).toBe(0);
  expect(await lockOf(old)).toMatchObject({ name: 'Window', place: expect.any(String) as string });
  expect(await lockOf(third)).toMatchObject({ name: 'Counter', place: expect.any(String) as string });
  expect((await places()).flatMap(({ lock }) => (lock ? [lock.serialNumber] : [])).toSorted()).toEqual(
    [old, third, fourth].toSorted(),
  );
});

test('locks of the release before have a place each, since ever, and kiosks hear of it', async ({
  db,
  kiosk,
  serialNumber: old,
  scene: { lockOf, places, rename, history },
}) => {
  const before = await lockOf(old);
  await sql`DROP TABLE occupancies, places`.execute(db);
  await sql`ALTER TABLE locks DROP COLUMN place_id, DROP COLUMN spare`.execute(db);
  await sql.raw(placesMigration.sql).execute(db);
  const page = await kiosk.pull('locks', Number(before?.['version']));
  expect(page.documents).toMatchObject([
    { serialNumber: old, ...naming, place: expect.any(String) as string },
  ]);
  const [place] = await places();
  expect(place).toMatchObject({ ...naming, lock: { serialNumber: old, since: 0 } });
  await rename(old, { name: 'Cellar', group: '' });
  expect((await history(place?.placeId)).name).toBe('Cellar');
});
