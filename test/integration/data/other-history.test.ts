/**
 * A real backend comes back from a backup, or as a standby that had not heard everything. Whatever happened on either side
 * since then: kiosks find it out at the next contact, and both agree when that is over.
 */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { firstValueFrom } from 'rxjs';
import { expect } from 'vitest';
import { z } from 'zod';
import { systemRandom } from '#kiosk/platform/random.ts';
import { composeEvent, enrolmentOf } from '#support/documents.ts';
import pg from 'pg';
import { makeKeys, register, someSerial } from '../backend/test-kiosk.ts';
import { eventually } from '../backend/world.ts';
import { openKioskAt, type KioskAtBackend } from './kiosk-at-backend.ts';
import { restorableTest as it } from './restorable-test.ts';

const namesAt = async ({ data }: KioskAtBackend): Promise<string[]> =>
  (await firstValueFrom(data.staff$)).map(({ name }) => name).sort();
const contact = async ({ sync }: KioskAtBackend): Promise<void> => {
  expect(await sync.resync()).toEqual({ ok: true, value: null });
};
const whole = (events: number) => ({
  events,
  gaps: 0,
  missing: [],
  forks: 0,
  restarts: 0,
  mismatches: 0,
  removedTo: 0,
});

it('events are delivered again though nothing else has changed, and though more are recorded first', async ({
  world,
  makeKiosk,
  journalOf,
  verdictsNow,
}) => {
  const kiosk = await makeKiosk();
  await kiosk.record(4);
  await contact(kiosk);
  const restore = await world.backUp();
  await kiosk.record(40);
  await contact(kiosk);
  expect(await journalOf(kiosk)).toEqual(whole(44));

  await restore();
  await contact(kiosk);
  expect(await journalOf(kiosk)).toEqual(whole(44));

  await restore();
  await kiosk.record(3);
  await contact(kiosk);
  expect(await journalOf(kiosk)).toEqual(whole(47));
  expect(await verdictsNow()).toEqual(new Set(['chained']));
  // Once: else each contact from now on would deliver everything.
  const sent: string[] = [];
  kiosk.intercept = (request) => {
    sent.push(request);
    return null;
  };
  await contact(kiosk);
  expect(sent).not.toContain('POST /v1/sync/accessEvents');
});

it('events after those that were lost are not stored before them, also where the answer is lost', async ({
  world,
  makeKiosk,
  journalOf,
  verdictsNow,
}) => {
  const kiosk = await makeKiosk();
  await kiosk.record(2);
  await contact(kiosk);
  const restore = await world.backUp();
  await kiosk.record(5);
  await contact(kiosk);
  await restore();
  await kiosk.record(1);
  // Whatever is pulled comes too late to tell, and the first answer to the push is never heard.
  let pushes = 0;
  kiosk.intercept = (request, pass) => {
    if (request.startsWith('GET /v1/sync/')) return Promise.reject(new TypeError('fetch failed'));
    if (request !== 'POST /v1/sync/accessEvents' || (pushes += 1) > 1) return null;
    return pass().then(() => Promise.reject(new TypeError('connection reset')));
  };
  await kiosk.sync.resync();
  kiosk.intercept = () => null;
  await contact(kiosk);
  expect(await journalOf(kiosk)).toEqual(whole(8));
  expect(await verdictsNow()).toEqual(new Set(['chained']));
});

it('a file of an earlier release, which does not say what was delivered, finds it out, too', async ({
  world,
  makeKiosk,
  journalOf,
}) => {
  const kiosk = await makeKiosk();
  const restore = await world.backUp();
  await kiosk.record(3);
  await contact(kiosk);
  await kiosk.close();
  const file = new DatabaseSync(kiosk.path);
  file.exec("DELETE FROM notes WHERE key IN ('journal.held', 'sync.seen')");
  file.close();

  const updated = await openKioskAt(world, kiosk.kiosk, kiosk.path);
  await restore();
  await updated.record(1);
  await contact(updated);
  expect(await journalOf(updated)).toEqual(whole(4));
});

it('dismissed people go from a kiosk that was away while others came up to the very same version', async ({
  world,
  hire,
  dismiss,
  makeKiosk,
}) => {
  await hire('Ann');
  await hire('Bob');
  const [near, away] = [await makeKiosk(), await makeKiosk()];
  await contact(near);
  await contact(away);
  const restore = await world.backUp();
  for (const name of ['Eve', 'Fay', 'Gus']) await hire(name);
  for (const kiosk of [near, away]) {
    await contact(kiosk);
    expect(await namesAt(kiosk)).toEqual(['Ann', 'Bob', 'Eve', 'Fay', 'Gus']);
  }

  await restore();
  await contact(near);
  expect(await namesAt(near)).toEqual(['Ann', 'Bob']);
  await dismiss('Bob');
  for (const name of ['Hal', 'Ida']) await hire(name);
  await contact(near);
  await contact(away);
  for (const kiosk of [near, away]) expect(await namesAt(kiosk)).toEqual(['Ann', 'Hal', 'Ida']);
});

it('a backend that went on by itself before anyone asked is found out', async ({
  world,
  storeId,
  hire,
  makeKiosk,
}) => {
  await hire('Ann');
  const kiosk = await makeKiosk();
  await contact(kiosk);
  // Registrations wait for the vendor in the backup: the start of the restored backend carries them out.
  world.vendor.script.push(...Array.from({ length: 40 }, () => 'down' as const));
  const other = await world.makeKiosk(storeId);
  for (let count = 0; count < 4; count += 1) await other.pushOne(other.capture(someSerial()));
  const restore = await world.backUp();
  await hire('Cath');
  await contact(kiosk);
  expect(await namesAt(kiosk)).toEqual(['Ann', 'Cath']);

  await restore();
  world.vendor.script.length = 0;
  world.clock.offsetMs += 3_600_000;
  await eventually(async () => {
    const { body } = await world.admin('GET', `/stores/${storeId}/locks`);
    expect(z.object({ locks: z.array(z.unknown()) }).parse(body).locks).toHaveLength(4);
  });
  world.clock.offsetMs = 0;
  await contact(kiosk);
  expect(await namesAt(kiosk)).toEqual(['Ann']);
  expect((await firstValueFrom(kiosk.data.locks$)).size).toBe(4);
});

it('an enrolment that was acknowledged after the backup, and never pulled, is sent again', async ({
  world,
  hire,
  makeKiosk,
}) => {
  const kiosk = await makeKiosk();
  await contact(kiosk);
  const restore = await world.backUp();
  const { kioskId } = kiosk.kiosk;
  const captured = enrolmentOf(1, {
    enrolmentId: systemRandom.uuid(),
    operationId: systemRandom.uuid(),
    kioskId,
    serialNumber: someSerial(),
    enrolmentCode: Buffer.alloc(256, 1).toString('base64'),
  });
  await kiosk.data.putEnrolment(captured);
  kiosk.intercept = (request) =>
    request.startsWith('GET /v1/sync/') ? Promise.reject(new TypeError('fetch failed')) : null;
  await kiosk.sync.resync();
  expect(kiosk.data.replica.pendingEnrolments(1)).toEqual([]);
  kiosk.intercept = () => null;
  await eventually(() => expect(world.vendor.committed).toContain(captured.serialNumber));

  await restore();
  await hire('Ann');
  await hire('Bob');
  const reaches = (state: string) =>
    eventually(async () => {
      await contact(kiosk);
      expect((await kiosk.data.enrolment(captured.enrolmentId))?.state).toBe(state);
    });
  // The backend no longer knows that this enrolment has registered the lock: a person has to say so.
  await reaches('uncertain');
  const path = `/enrolments/${captured.enrolmentId}/resolve`;
  expect((await world.admin('POST', path, { action: 'adopt' })).status).toBe(200);
  await reaches('registered');
  // Keys are pulled before enrolments: one that was written in between comes with the next contact.
  await contact(kiosk);
  expect((await firstValueFrom(kiosk.data.keySerials$)).has(captured.serialNumber)).toBe(true);
});

it('locks and keys that only a kiosk still has stay', async ({ world, storeId, makeKiosk }) => {
  const kiosk = await makeKiosk();
  await contact(kiosk);
  const restore = await world.backUp();
  const other = await world.makeKiosk(storeId);
  const captured = other.capture(someSerial());
  await other.pushOne(captured);
  await eventually(async () => {
    await contact(kiosk);
    expect((await firstValueFrom(kiosk.data.keySerials$)).size).toBe(1);
    // Locks are pulled before keys: one that was registered in between comes with the next contact.
    expect((await firstValueFrom(kiosk.data.locks$)).size).toBe(1);
  });
  await restore();
  await contact(kiosk);
  expect([...(await firstValueFrom(kiosk.data.locks$)).keys()]).toEqual([captured.serialNumber]);
  expect([...(await firstValueFrom(kiosk.data.keySerials$))]).toEqual([captured.serialNumber]);
});

it('events that the backend refuses for good are not delivered for ever', async ({ makeKiosk }) => {
  const kiosk = await makeKiosk();
  // Of an identity that was lost: nobody can say so any more.
  for (let count = 0; count < 2; count += 1) {
    await kiosk.data.appendAccessEvent(composeEvent(systemRandom.uuid(), Date.now(), randomUUID()));
  }
  await contact(kiosk);
  const sent: string[] = [];
  kiosk.intercept = (request) => {
    sent.push(request);
    return null;
  };
  await contact(kiosk);
  expect(sent).not.toContain('POST /v1/sync/accessEvents');
});

it('an operator who says so has every kiosk take everything anew, and ends what could be used once more', async ({
  postgres,
  world,
  storeId,
  hire,
  makeKiosk,
  journalOf,
}) => {
  const kiosk = await makeKiosk();
  await hire('Ann');
  await kiosk.record(2);
  await contact(kiosk);
  const code = await world.makeCode(storeId);
  // Past the backend, as when rows are mended by hand: no version tells of it.
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  await database.query('UPDATE staff SET name = $2 WHERE store_id = $1', [storeId, 'Anna']);
  await database.end();
  await contact(kiosk);
  expect(await namesAt(kiosk)).toEqual(['Ann']);

  expect((await world.admin('POST', '/restored')).body).toEqual({ stores: 1 });
  await contact(kiosk);
  expect(await namesAt(kiosk)).toEqual(['Anna']);
  expect(await journalOf(kiosk)).toEqual(whole(2));
  await expect(world.makeKiosk(storeId)).resolves.toBeDefined();
  expect((await register(world.url, code, makeKeys())).status).toBe(403);
});
