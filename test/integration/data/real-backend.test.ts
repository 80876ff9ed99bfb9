/** The kiosk's replication against the backend itself, on a real PostgreSQL. */
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { expect, onTestFinished } from 'vitest';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { createBackendClient } from '#kiosk/backend/client.ts';
import { createSync } from '#kiosk/data/sync/create-sync.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import type { Fetch } from '#kiosk/platform/http.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { assertion } from '../backend/test-kiosk.ts';
import { composeEvent, enrolmentOf, serial } from '#support/documents.ts';
import { openKioskAt } from './kiosk-at-backend.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { worldTest } from '../backend/world-test.ts';

const it = worldTest;

it('captures offline, is registered once, gets its key through the stream, and delivers the journal', async ({
  world,
}) => {
  const storeId = await world.makeStore();
  const kiosk = await world.makeKiosk(storeId);
  const { kioskId, backendKey } = kiosk;
  const path = join(temporaryFolder(), 'kiosk.db');
  const data = await createKioskData({
    path,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  let isOnline = false;
  const overNetwork: Fetch = (url, init) =>
    isOnline ? fetch(url, init) : Promise.reject(new TypeError('fetch failed'));
  const sync = createSync({
    data,
    backend: createBackendClient({ fetch: overNetwork, clock: systemClock, backendUrl: world.backend.url }),
    auth: () => ({ kioskId, backendKey, clientAssertion: () => assertion(kiosk.keys, { kioskId }) }),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  onTestFinished(async () => {
    await sync.dispose();
    await data.dispose();
  });

  const enrolment = enrolmentOf(1, {
    enrolmentId: systemRandom.uuid(),
    operationId: systemRandom.uuid(),
    kioskId,
    enrolmentCode: Buffer.alloc(256, 1).toString('base64'),
  });
  await data.putEnrolment(enrolment);
  for (let n = 0; n < 3; n += 1) {
    await data.appendAccessEvent(composeEvent(systemRandom.uuid(), 5000, kioskId));
  }
  expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
  isOnline = true;
  sync.start();
  await firstValueFrom(data.keySerials$.pipe(filter((serials) => serials.has(serial(1)))));
  const registered = await firstValueFrom(
    data.enrolments$.pipe(filter((enrolments) => enrolments.some(({ state }) => state === 'registered'))),
  );
  expect((await firstValueFrom(data.store$))?.storeId).toBe(storeId);
  await data.putEnrolment({ ...registered[0]!, state: 'provisioned', operationId: systemRandom.uuid() });
  await firstValueFrom(sync.state$.pipe(filter(({ waiting }) => waiting === 0)));
  expect(await data.enrolment(enrolment.enrolmentId)).toMatchObject({ state: 'provisioned', problem: null });
  const state = await firstValueFrom(sync.state$);
  expect(state).toMatchObject({ connection: 'online', invalidRows: 0, revocation: null });
  expect(Math.abs(state.skewMs ?? Infinity)).toBeLessThan(5000);
});

it('goes on with a new journal after its data was lost, and the backend says that it began again', async ({
  world,
}) => {
  const storeId = await world.makeStore();
  const kiosk = await world.makeKiosk(storeId);
  const { kioskId, backendKey } = kiosk;
  const journalOf = async (count: number): Promise<void> => {
    const data = await createKioskData({
      // A folder of its own each time: nothing of the data is left, the identity is.
      path: join(temporaryFolder(), 'kiosk.db'),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
    const sync = createSync({
      data,
      backend: createBackendClient({
        clock: systemClock,
        backendUrl: world.backend.url,
        fetch: (url, init) => fetch(url, init),
      }),
      auth: () => ({ kioskId, backendKey, clientAssertion: () => assertion(kiosk.keys, { kioskId }) }),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
    for (let n = 0; n < count; n += 1) {
      await data.appendAccessEvent(composeEvent(systemRandom.uuid(), 5000, kioskId));
    }
    expect(await sync.resync()).toEqual({ ok: true, value: null });
    expect((await firstValueFrom(sync.state$)).waiting).toBe(0);
    await sync.dispose();
    await data.dispose();
  };
  await journalOf(5);
  await journalOf(3);
  expect((await world.admin('GET', `/stores/${storeId}/kiosks`)).body).toMatchObject({
    kiosks: [{ journal: { events: 8, missing: [], forks: 0, restarts: 1, mismatches: 0 } }],
  });
});

it('tells a kiosk that has seen more than the backend holds', async ({ world }) => {
  const kiosk = await world.makeKiosk(await world.makeStore());
  const { checkpoint } = await kiosk.pull('store');
  expect((await kiosk.pull('store', checkpoint)).checkpoint).toBe(checkpoint);
  expect((await kiosk.pull('locks', checkpoint + 100)).checkpoint).toBeLessThan(checkpoint + 100);
});

it('where nothing has changed, a kiosk asks for the store and for nothing else', async ({ world }) => {
  const storeId = await world.makeStore();
  const opened = await openKioskAt(world.backend, await world.makeKiosk(storeId));
  const asked: string[] = [];
  opened.intercept = (request) => {
    const collection = /^GET \/v1\/sync\/(?!stream)(\w+)$/.exec(request)?.[1];
    if (collection !== undefined) asked.push(collection);
    return null;
  };
  const round = async (): Promise<Set<string>> => {
    asked.length = 0;
    expect(await opened.sync.resync()).toEqual({ ok: true, value: null });
    return new Set(asked);
  };
  const all = new Set(['store', 'trust', 'staff', 'locks', 'keyCertificates', 'enrolments']);
  expect(await round()).toEqual(all);
  expect(await round()).toEqual(new Set(['store']));
  const person = { name: 'Maya', pin: '739146' };
  expect((await world.admin('PUT', `/stores/${storeId}/staff/${systemRandom.uuid()}`, person)).status).toBe(
    204,
  );
  expect(await round()).toEqual(all);
  expect(await firstValueFrom(opened.data.staff$)).toMatchObject([{ name: 'Maya' }]);
  expect(await round()).toEqual(new Set(['store']));
});
