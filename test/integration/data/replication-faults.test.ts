/** What replication has to get right beyond a single round: restarts, silence, sleep, stamped fields, and RxDB's own limits. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { expect, onTestFinished, it as base } from 'vitest';
import { collectionNames } from '#shared/models/documents.ts';
import { composeEvent, enrolmentOf, lockRow, storeRow, uuid } from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk, type KioskUnderTest } from './kiosk-under-test.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** How long it takes until the kiosk has a lock that the backend got just now, in ms of the kiosk's clock. */
const msUntilKnown = async ({ data, clock, passUntil }: KioskUnderTest): Promise<number> => {
  const since = clock.monotonic();
  let known = 0;
  const watching = data.locks$.subscribe(({ size }) => (known = size));
  await passUntil(() => known === 1);
  watching.unsubscribe();
  return clock.monotonic() - since;
};

const it = base
  .extend('backend', async () => {
    const backend = await FakeBackend.create();
    backend.put('store', storeRow());
    return backend;
  })
  .extend('withoutStream', ({ backend }) => async (): Promise<KioskUnderTest> => {
    const kiosk = await openKiosk(backend);
    backend.fault = (request) => (request === 'GET /v1/sync/stream' ? 'unavailable' : null);
    kiosk.sync.start();
    await kiosk.passUntil(({ connection }) => connection === 'online');
    return kiosk;
  });

it('what waited before a restart is pushed after it, without another change', async ({ backend }) => {
  const first = await openKiosk(backend);
  await first.data.putEnrolment(enrolmentOf(1));
  await first.data.appendAccessEvent(composeEvent(uuid(50)));
  backend.fault = () => 'unreachable';
  expect((await first.sync.resync()).ok).toBe(false);
  await first.dispose();
  backend.fault = () => null;
  const again = await openKiosk(backend, first.path);
  again.sync.start();
  await again.passUntil(({ waiting }) => waiting === 0);
  expect(backend.table('enrolments').size).toBe(1);
  expect(backend.table('accessEvents').size).toBe(1);
});

it('asks by itself about every minute where no stream tells it anything', async ({
  backend,
  withoutStream,
}) => {
  const kiosk = await withoutStream();
  backend.put('locks', lockRow(1));
  expect(await msUntilKnown(kiosk)).toBeLessThanOrEqual(80_000);
});

it('a stream that ends as soon as it was opened makes no more rounds than one that does not open', async ({
  backend,
  withoutStream,
}) => {
  const kiosk = await withoutStream();
  backend.fault = () => null;
  const ending = setInterval(() => backend.dropStreams(), 1);
  onTestFinished(() => clearInterval(ending));
  backend.requests.length = 0;
  for (let minute = 0; minute < 10; minute += 1) await kiosk.pass(60_000);
  const rounds = backend.requests.filter((request) => request === 'GET /v1/sync/store').length;
  // One a minute by itself; the stream's own tries go the way of the backoff.
  expect(rounds).toBeLessThan(45);
});

it('a stream that broke twice at once is open again after its own wait, not with a round of a minute later', async ({
  backend,
}) => {
  const kiosk = await openKiosk(backend);
  kiosk.sync.start();
  const isOpen = (): boolean => backend.streams.size === 1;
  await kiosk.passUntil(isOpen);
  for (let times = 0; times < 2; times += 1) {
    backend.dropStreams();
    const begun = kiosk.clock.monotonic();
    await kiosk.passUntil(isOpen);
    expect(kiosk.clock.monotonic() - begun).toBeLessThan(12_000);
  }
});

it('asks within seconds after the machine has slept', async ({ backend, withoutStream }) => {
  const kiosk = await withoutStream();
  backend.put('locks', lockRow(1));
  kiosk.clock.jump(8 * 3600_000);
  expect(await msUntilKnown(kiosk)).toBeLessThanOrEqual(15_000);
});

it('a stream event says only that something changed: a number in it moves no cursor', async ({ backend }) => {
  const kiosk = await openKiosk(backend);
  kiosk.sync.start();
  await kiosk.passUntil(() => backend.streams.size === 1);
  const { version } = backend.put('locks', lockRow(1));
  backend.announce(`event: resync\ndata: {"checkpoint":${version + 100}}\n\n`);
  await msUntilKnown(kiosk);
  expect(kiosk.data.replica.cursor('locks')).toBe(version);
});

it('a field that the backend stamps neither undoes the next change made here nor looks like one', async ({
  backend,
}) => {
  const { sync, data } = await openKiosk(backend);
  let stamp = 1_000_000;
  backend.onStored = (document) => ({ ...document, changedAt: (stamp += 1) });
  await data.putEnrolment(enrolmentOf(1));
  await sync.resync();
  expect(await data.enrolment(uuid(1))).toMatchObject({ changedAt: stamp });
  backend.put('enrolments', {
    ...backend.table('enrolments').get(uuid(1))!.document,
    state: 'registered',
    operationId: uuid(70),
  });
  await sync.resync();
  const registered = (await data.enrolment(uuid(1)))!;
  await data.putEnrolment({ ...registered, state: 'provisioned', operationId: uuid(71) });
  await sync.resync();
  const held = backend.table('enrolments').get(uuid(1))!;
  expect(held.document).toMatchObject({ state: 'provisioned', changedAt: stamp });
  expect(await data.enrolment(uuid(1))).toMatchObject({
    state: 'provisioned',
    changedAt: stamp,
    version: held.version,
  });
  const before = stamp;
  await sync.resync();
  expect(stamp).toBe(before);
});

it('an answer that takes longer than others undoes nothing of what came after it', async ({ backend }) => {
  const { sync, data } = await openKiosk(backend);
  backend.arrival = async (request) => {
    for (let turn = 0; turn < 200 && request === 'POST /v1/sync/enrolments'; turn += 1) await setImmediate();
  };
  // The backend goes on with an enrolment as soon as it has it.
  backend.onStored = (document) => {
    queueMicrotask(() => backend.put('enrolments', { ...document, state: 'refused' }));
    return { ...document, state: 'submitted' };
  };
  await data.putEnrolment(enrolmentOf(1));
  for (let round = 0; round < 2; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect(await data.enrolment(uuid(1))).toMatchObject({ state: 'refused', version: 3 });
});

it('a page that the disk has no room for is pulled again once there is', async ({ backend }) => {
  const { sync, data, connection, path, dispose } = await openKiosk(backend);
  await sync.resync();
  for (let n = 0; n < 200; n += 1) backend.put('locks', lockRow(n));
  connection.exec('PRAGMA max_page_count = 1');
  expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'storage.disk_full' } });
  expect((await firstValueFrom(data.locks$)).size).toBe(0);
  // Nor does a restart take for pulled what was never written.
  await dispose();
  const again = await openKiosk(backend, path);
  expect((await again.sync.resync()).ok).toBe(true);
  expect((await firstValueFrom(again.data.locks$)).size).toBe(200);
});

it('hundreds that were captured offline go out in one round', async ({ backend }) => {
  const { sync, data } = await openKiosk(backend);
  for (let n = 1; n <= 650; n += 1) await data.putEnrolment(enrolmentOf(n));
  expect((await sync.resync()).ok).toBe(true);
  expect(backend.table('enrolments').size).toBe(650);
});

it('more than the backend takes in a minute wait for the next, and nothing else waits with them', async ({
  backend,
}) => {
  const { sync, data, state, passUntil } = await openKiosk(backend);
  let requests = 0;
  backend.fault = (request) =>
    request === 'POST /v1/sync/enrolments' && (requests += 1) === 3 ? 'later' : null;
  for (let n = 1; n <= 350; n += 1) await data.putEnrolment(enrolmentOf(n));
  await data.appendAccessEvent(composeEvent(uuid(900)));
  backend.put('locks', lockRow(1));
  expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
  expect([backend.table('enrolments').size, backend.table('accessEvents').size]).toEqual([200, 1]);
  expect((await firstValueFrom(data.locks$)).size).toBe(1);
  expect(await state(() => true)).toMatchObject({ connection: 'online', waiting: 150 });
  sync.start();
  await passUntil(({ waiting }) => waiting === 0);
  expect(backend.table('enrolments').size).toBe(350);
});

it('an answer that leaves rows out acknowledges none', async ({ backend }) => {
  const { sync, data, state } = await openKiosk(backend);
  for (let n = 1; n <= 3; n += 1) await data.appendAccessEvent(composeEvent(uuid(50 + n)));
  backend.fault = (request) => (request === 'POST /v1/sync/accessEvents' ? 'short-answer' : null);
  expect(await sync.resync()).toMatchObject({ ok: false, error: { code: 'sync.unreachable' } });
  expect((await state(() => true)).waiting).toBe(3);
  backend.fault = () => null;
  expect((await sync.resync()).ok).toBe(true);
  expect((await state(() => true)).waiting).toBe(0);
  expect(backend.table('accessEvents').size).toBe(3);
});

it('the last contact is known after a restart', async ({ backend }) => {
  const first = await openKiosk(backend);
  expect((await first.state(() => true)).lastContactAt).toBeNull();
  await first.sync.resync();
  const { lastContactAt } = await first.state(() => true);
  expect(lastContactAt).not.toBeNull();
  await first.dispose();
  const again = await openKiosk(backend, first.path);
  expect((await again.state(() => true)).lastContactAt).toBe(lastContactAt);
});

it('what was captured before the kiosk was registered anew is sent under its new name', async ({
  backend,
}) => {
  const { sync, data, state } = await openKiosk(backend);
  await data.putEnrolment(enrolmentOf(1, { kioskId: uuid(8) }));
  backend.put('enrolments', enrolmentOf(2, { kioskId: uuid(9), state: 'submitted' }));
  expect((await sync.resync()).ok).toBe(true);
  expect(backend.table('enrolments').get(uuid(1))?.document['kioskId']).toBe(uuid(1));
  expect((await data.enrolment(uuid(2)))?.kioskId).toBe(uuid(9));
  expect((await state(() => true)).waiting).toBe(0);
  expect((await firstValueFrom(data.enrolments$)).map(({ kioskId }) => kioskId).sort()).toEqual([
    uuid(1),
    uuid(9),
  ]);
});

it('opens no more collections than RxDB allows in one process', () => {
  // Its own for what it notes about them counts as well.
  expect(collectionNames.length + 1).toBeLessThanOrEqual(13);
});

it('uses neither a storage that any page can call nor a mode that loads pages of others', () => {
  const files = globSync('{electron,renderer,shared}/**/*.{ts,svelte}', { cwd: projectRoot });
  expect(files.length).toBeGreaterThan(100);
  const plugins = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(projectRoot, file), 'utf8').matchAll(/from '(rxdb[^']*)'/g)].map(
        ([, name]) => name,
      ),
    ),
  );
  expect([...plugins].sort()).toEqual(['rxdb/plugins/core', 'rxdb/plugins/storage-memory']);
});
