/** A backend is updated before its kiosks are: what it says then is more than they know. */
import { DatabaseSync } from 'node:sqlite';
import { firstValueFrom } from 'rxjs';
import { expect, it as base } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { modelsRevision } from '#shared/models/documents.ts';
import {
  composeEvent,
  enrolmentOf,
  hashed,
  keyRow,
  lockRow,
  serial,
  staffRow,
  storeRow,
  uuid,
} from '#support/documents.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { modelsOfRelease, type ModelsOfRelease } from '#support/models-of-release.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk, type KioskUnderTest } from './kiosk-under-test.ts';

const trustRow = {
  trustId: 'an intermediate',
  kind: 'intermediate',
  owner: 'owner',
  certificate: 'AAAA',
  notBefore: 1,
  notAfter: 2,
};

/** Another field in every object, however deep; a push or pull answer's own lists stay what they are. */
const withMore = (body: unknown): unknown => {
  if (Array.isArray(body)) return body.map(withMore);
  if (typeof body !== 'object' || body === null) return body;
  return {
    ...Object.fromEntries(Object.entries(body).map(([field, value]) => [field, withMore(value)])),
    more: { of: 'a later release' },
  };
};

const it = base
  .extend('backend', async () => {
    const backend = await FakeBackend.create();
    backend.ofRelease = withMore;
    backend.put('store', storeRow());
    backend.put('staff', staffRow(1));
    backend.put('locks', lockRow(1));
    backend.put('keyCertificates', keyRow(1));
    backend.put('trust', trustRow);
    return backend;
  })
  .extend('beOfEarlier', ({ backend }) => (models: Partial<ModelsOfRelease> = {}): void => {
    backend.ofRelease = (body) => body;
    backend.earlier = { ...modelsOfRelease('0.2.0'), ...models };
  });

it('fields that this release does not know are passed over, in every collection and in every answer', async ({
  backend,
}) => {
  const { sync, data, state } = await openKiosk(backend);
  await data.putEnrolment(enrolmentOf(2));
  await data.appendAccessEvent(composeEvent(uuid(50)));
  expect((await sync.resync()).ok).toBe(true);
  expect(await state(() => true)).toMatchObject({ waiting: 0, invalidRows: 0, timeChecks: 1 });
  const version = expect.any(Number) as number;
  expect(await firstValueFrom(data.store$)).toEqual({ ...storeRow(), version });
  expect(await firstValueFrom(data.staff$)).toEqual([{ ...staffRow(1), version }]);
  expect([...(await firstValueFrom(data.locks$)).values()]).toEqual([{ ...lockRow(1), version }]);
  expect(await data.keyCertificate(serial(1))).toEqual({ ...keyRow(1), version });
  expect(await firstValueFrom(data.trust$)).toEqual([{ ...trustRow, version }]);
  expect(await data.enrolment(uuid(2))).toEqual({ ...enrolmentOf(2), version });
});

it('a reason that this release does not know is kept as one, and holds nothing up', async ({ backend }) => {
  const { sync, data, state } = await openKiosk(backend);
  const reason = 'enrolment.of_a_later_release';
  await data.putEnrolment(enrolmentOf(2));
  await data.putEnrolment(enrolmentOf(3));
  await data.appendAccessEvent(composeEvent(uuid(50)));
  backend.onStored = (document) =>
    document['enrolmentId'] === uuid(2)
      ? { ...document, state: 'refused', problem: { code: reason, params: { serialNumber: serial(2) } } }
      : document;
  backend.isInvalid = (document) => document['enrolmentId'] === uuid(3);
  backend.ofRelease = (body) =>
    JSON.parse(JSON.stringify(body).replace('internal.unexpected', reason)) as unknown;
  expect((await sync.resync()).ok).toBe(true);
  const problem = { code: 'sync.unknown_reason', params: { reason } };
  expect(await data.enrolment(uuid(2))).toMatchObject({ state: 'refused', problem });
  expect(await data.enrolment(uuid(3))).toMatchObject({ state: 'refused', problem });
  expect((await state(() => true)).waiting).toBe(0);
  expect(backend.table('accessEvents').size).toBe(1);
});

it('a kiosk that was updated pulls once more what the release before it has passed over', async ({
  backend,
}) => {
  const first = await openKiosk(backend);
  const tooNew = backend.put('locks', { ...lockRow(2), type: 'of a type that only a later release knows' });
  await first.sync.resync();
  expect((await first.state(() => true)).invalidRows).toBe(1);
  await first.dispose();
  // What is stored there stays as it is; what changes is the kiosk, which can read it now.
  backend.table('locks').set(tooNew.id, { ...tooNew, document: { ...lockRow(2), version: tooNew.version } });
  const pulledBy = async (revision: string): Promise<number> => {
    const file = new DatabaseSync(first.path);
    file
      .prepare('INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)')
      .run('modelsRevision', testCodec.encodeNote('modelsRevision', revision) as Uint8Array);
    file.close();
    const { sync, data, state, dispose } = await openKiosk(backend, first.path);
    await sync.resync();
    const { size } = await firstValueFrom(data.locks$);
    expect((await state(() => true)).invalidRows).toBe(2 - size);
    await dispose();
    return size;
  };
  expect(await pulledBy(String(modelsRevision))).toBe(1);
  expect(await pulledBy(String(modelsRevision - 1))).toBe(2);
  const last = await openKiosk(backend, first.path);
  expect(last.data.replica.cursor('locks')).toBe(tooNew.version);
});

const laterEvents: readonly Partial<AccessEvent>[] = [
  { kind: 'unlocked', serialNumber: serial(1), place: uuid(70) },
  {
    kind: 'lock_replaced',
    serialNumber: serial(1),
    place: uuid(70),
    replacement: { by: serial(2), was: { name: 'a', group: '' }, naming: { name: 'b', group: 'c' } },
  },
  { kind: 'locks_exported', lockList: { format: 'xlsx', locks: 2 }, duress: true },
  { kind: 'update_done', update: { version: '0.3.1', what: 'installed' } },
];
const appendLater = async ({ data }: KioskUnderTest): Promise<void> => {
  for (const [at, event] of laterEvents.entries())
    await data.appendAccessEvent((sequence, previousHash) => {
      const plain = composeEvent(uuid(60 + at))(sequence, previousHash);
      return hashed({ ...plain, ...event });
    });
};

it.for([0, 2])(
  'of what only a later release knows one of 0.2.0 has nothing set aside',
  async (before, { backend, beOfEarlier }) => {
    const kiosk = await openKiosk(backend);
    const { sync, data, state } = kiosk;
    beOfEarlier();
    for (let at = 0; at < before; at += 1) await data.appendAccessEvent(composeEvent(uuid(50 + at)));
    await appendLater(kiosk);
    const told = await data.accessEventsAfter(0);
    const { faults } = modelsOfRelease('0.2.0');
    for (const event of told.slice(before)) expect(faults('accessEvents', event)).not.toEqual([]);
    expect((await sync.resync()).ok).toBe(false);
    expect(await state(({ waiting }) => waiting === laterEvents.length)).toMatchObject({ invalidRows: 0 });
    expect(backend.table('accessEvents').size).toBe(before);
    expect(data.replica.acknowledged).toBe(before);
    backend.earlier = null;
    expect((await sync.resync()).ok).toBe(true);
    expect(await state(() => true)).toMatchObject({ waiting: 0, invalidRows: 0 });
    const arrived = [...backend.table('accessEvents').values()].map(({ document }) => document);
    expect(arrived).toMatchObject(told);
  },
);

it('a kiosk that a backend has accepted events of waits whole where that is one of 0.2.0 then', async ({
  backend,
  beOfEarlier,
}) => {
  const kiosk = await openKiosk(backend);
  const { sync, data, state } = kiosk;
  await data.appendAccessEvent(composeEvent(uuid(50)));
  expect((await sync.resync()).ok).toBe(true);
  beOfEarlier();
  await data.appendAccessEvent(composeEvent(uuid(51)));
  await appendLater(kiosk);
  expect((await sync.resync()).ok).toBe(false);
  expect(await state(({ waiting }) => waiting === 1 + laterEvents.length)).toMatchObject({ invalidRows: 0 });
  expect(backend.table('accessEvents').size).toBe(1);
});

it('an enrolment that a backend of an earlier release turns away waits for the update; the others go on', async ({
  backend,
  beOfEarlier,
}) => {
  const { sync, data, state } = await openKiosk(backend);
  beOfEarlier({
    faults: (_, row) => ('enrolmentId' in row && row.enrolmentId === uuid(2) ? ['a field too many'] : []),
  });
  await data.putEnrolment(enrolmentOf(2));
  await data.putEnrolment(enrolmentOf(3));
  await data.appendAccessEvent(composeEvent(uuid(50)));
  expect((await sync.resync()).ok).toBe(false);
  const told = { connection: 'online', sendingRefused: true, invalidRows: 0 };
  expect(await state(({ waiting }) => waiting === 1)).toMatchObject(told);
  expect(backend.table('accessEvents').size).toBe(1);
  expect((await data.enrolment(uuid(2)))?.state).toBe(enrolmentOf(2).state);
  backend.earlier = null;
  expect((await sync.resync()).ok).toBe(true);
  expect(await state(() => true)).toMatchObject({ waiting: 0, invalidRows: 0 });
  expect([...backend.table('enrolments').keys()].sort()).toEqual([uuid(2), uuid(3)].sort());
});
