/** Pulls that are read at a replica: a real standby, which is held, cut off, and made a primary. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { standingOf } from '#backend/store/history.ts';
import { createJournal } from '../../bench/journal.ts';
import { urlOf } from '../postgres-folder.ts';
import { ask, deed, people, reader, replicaTest as test, unsealed } from './replica-test.ts';
import { listenIn, namesStore } from './sent-statements.ts';
import { makeKeys } from './test-kiosk.ts';
import { eventually } from './world.ts';

const pulled = ['trust', 'staff', 'locks', 'keyCertificates', 'enrolments'] as const;

test('a page comes from one that stands where the primary stands, and is what the primary would say', async ({
  world,
  makeKiosk,
  enrol,
  putPerson,
  untilThere,
  pagesOf,
  state,
}) => {
  const kiosk = await makeKiosk();
  await putPerson(kiosk.storeId, randomUUID(), 'Ada');
  await enrol(kiosk);
  const atPrimary = kiosk.at(world.backend.url);
  await untilThere();
  for (const collection of pulled) {
    const [said, expected] = [{ ...(await kiosk.pull(collection)) }, await atPrimary.pull(collection)];
    expect(unsealed(said)).toEqual(unsealed(expected));
  }
  const sent = listenIn();
  const given = await pagesOf(async () => {
    const [key] = await kiosk.pullAll('keyCertificates');
    expect(await kiosk.open(key?.['sealed'])).toMatchObject({});
    // What is the kiosk's own, or may be written while it is read, is read where it is written.
    await kiosk.pull('store');
  });
  vi.restoreAllMocks();
  expect(given).toEqual({ replica: 1, primary: 1 });
  const there = sent.filter(({ text }) => /pg_is_in_recovery.* stores|"?key_certificates/.test(text));
  expect(there.length).toBeGreaterThan(2);
  const scope = { ...world.config, ...kiosk };
  expect(there.filter((each) => !namesStore(each, scope)).map(({ text }) => text)).toEqual([]);
  expect(await state()).toMatchObject({ state: 'serves' });
});

test('while it is held the kiosk has what was written last, and from it what has not changed', async ({
  world,
  here,
  there,
  makeKiosk,
  enrol,
  putPerson,
  untilThere,
  pagesOf,
}) => {
  const [kiosk, other] = [await makeKiosk(), await makeKiosk()];
  const person = randomUUID();
  await putPerson(kiosk.storeId, person, 'Before');
  await putPerson(other.storeId, person, 'Before');
  await enrol(other);
  await untilThere();
  await there('pg_wal_replay_pause()');
  try {
    await putPerson(kiosk.storeId, person, 'After');
    const fresh = async (): Promise<void> =>
      expect((await kiosk.pull('staff')).documents).toMatchObject([{ name: 'After' }]);
    expect(await pagesOf(fresh)).toEqual({ replica: 0, primary: 1 });
    // An event changes nothing of a store; the kiosk that has delivered it hears of no loss.
    const [event] = createJournal(other.kioskId).next(1);
    await other.push('accessEvents', [event]);
    const claims = `staff?after=0&limit=10&journal=${event?.sequence}.${event?.hash}`;
    const held = async (): Promise<void> => {
      const answer = await ask(other, claims);
      expect([answer.documents, answer.journalLost]).toMatchObject([[{ name: 'Before' }], undefined]);
    };
    expect(await pagesOf(held)).toEqual({ replica: 1, primary: 0 });
    // Nor does a kiosk that takes new keys: what is sealed is for those that it has by now.
    const keys = makeKeys();
    await here.query('UPDATE kiosks SET sealing_key = $1 WHERE kiosk_id = $2', [
      JSON.stringify(keys.registration.sealingKey),
      other.kioskId,
    ]);
    const sealed = async (): Promise<void> => {
      const [key] = (await other.pull('keyCertificates')).documents;
      await expect(other.open(key?.['sealed'])).rejects.toThrow();
      Object.assign(other.keys, { sealing: keys.sealing });
      expect(await other.open(key?.['sealed'])).toMatchObject({});
    };
    expect(await pagesOf(sealed)).toEqual({ replica: 1, primary: 0 });
    // Another history begins at the same version.
    const { point } = await kiosk.pull('staff');
    expect((await world.admin('POST', '/restored')).status).toBe(200);
    const restored = async (): Promise<void> =>
      expect(await ask(kiosk, `staff?after=1&limit=10&seen=${point}`)).toMatchObject({ otherHistory: true });
    expect(await pagesOf(restored)).toEqual({ replica: 0, primary: 1 });

    await world.admin('POST', `/kiosks/${other.kioskId}/revoke`);
    await eventually(async () =>
      expect((await other.request('/v1/sync/staff?after=0&limit=10')).status).toBe(403),
    );
  } finally {
    await there('pg_wal_replay_resume()');
  }
});

test('a page that no secret opens there is given, and counted, by the primary', async ({
  here,
  there,
  makeKiosk,
  enrol,
  untilThere,
  pagesOf,
}) => {
  const kiosk = await makeKiosk();
  await enrol(kiosk);
  const turnRound = `UPDATE key_certificates SET encrypted = reverse(encrypted) WHERE store_id = '${kiosk.storeId}'`;
  await here.query(turnRound);
  await untilThere();
  await there('pg_wal_replay_pause()');
  await here.query(turnRound);
  const opened = async (): Promise<void> => {
    const [key] = (await kiosk.pull('keyCertificates')).documents;
    expect(await kiosk.open(key?.['sealed'])).toMatchObject({});
  };
  const given = await pagesOf(opened).finally(() => there('pg_wal_replay_resume()'));
  expect(given).toEqual({ replica: 0, primary: 1 });
});

test('whenever a kiosk pulls, no checkpoint goes back, and what was written before is there', async ({
  there,
  makeKiosk,
  putPerson,
  untilThere,
  state,
}) => {
  const kiosk = await makeKiosk();
  const written = new Map<unknown, unknown>();
  const write = async (who: string, name: string): Promise<void> => {
    await putPerson(kiosk.storeId, who, name);
    written.set(who, name);
  };
  for (const who of people) await write(who, 'first');
  const before = (await state()).pages;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 15 }), async (deeds) => {
      const known = new Map<unknown, unknown>();
      let [after, seen] = [0, ''];
      const pull = async (limit: number): Promise<void> => {
        for (let remaining = 1; remaining > 0;) {
          const answer = await ask(kiosk, `staff?after=${after}&limit=${limit}${seen}`);
          expect(answer.otherHistory).toBeUndefined();
          expect(answer.checkpoint).toBeGreaterThanOrEqual(after);
          for (const { staffId, name } of answer.documents) known.set(staffId, name);
          [after, seen, remaining] = [answer.checkpoint, `&seen=${answer.point}`, answer.remaining];
        }
        expect(known).toEqual(written);
      };
      await there('pg_wal_replay_resume()');
      await untilThere();
      for (const [at, each] of deeds.entries()) {
        if (each.kind === 'write') await write(each.who, `at ${at}`);
        else if (each.kind === 'pull') await pull(each.limit);
        else await there(each.kind === 'hold' ? 'pg_wal_replay_pause()' : 'pg_wal_replay_resume()');
      }
      await pull(2);
    }),
    { numRuns: 8 },
  );
  await there('pg_wal_replay_resume()');
  await untilThere();
  await eventually(async () => {
    await ask(kiosk, 'staff?after=0&limit=10');
    expect((await state()).pages.replica).toBeGreaterThan(before.replica);
  });
});

test('one that is ahead of what the primary has said is not read', async ({
  world,
  primary,
  makeKiosk,
  putPerson,
  untilThere,
  replicaUrl,
  open,
}) => {
  const { storeId } = await makeKiosk();
  const store = { tenantId: world.config.tenantId, storeId };
  const stand = async () => ({ point: (await standingOf(primary, store)).point ?? '', written: null });
  const earlier = await stand();
  await putPerson(storeId, randomUUID(), 'Ada');
  await untilThere();
  const replica = open(replicaUrl);
  const work = () => Promise.resolve('read');
  expect(await replica.read(store, await stand(), work)).toEqual({ value: 'read' });
  expect(await replica.read(store, earlier, work)).toBeNull();
});

test.for([
  ['a statement that stands in the way of replay', 'SELECT pg_sleep(20)'],
  ['a snapshot that does', null],
] as const)(
  '%s is cancelled there, and the primary is asked',
  async (
    [_what, statement],
    { world, here, primary, makeKiosk, untilThere, replicaUrl, open, cancelAtOnce: _cancelAtOnce },
  ) => {
    const { storeId } = await makeKiosk();
    const store = { tenantId: world.config.tenantId, storeId };
    await here.query('DROP TABLE IF EXISTS spare');
    await here.query('CREATE TABLE spare AS SELECT generate_series(1, 100) AS n');
    await untilThere();
    const stand = { point: (await standingOf(primary, store)).point ?? '', written: null };
    const replica = open(replicaUrl);
    const read = await replica.read(store, stand, async (tx) => {
      const running = statement === null ? null : sql.raw(statement).execute(tx);
      running?.catch(() => undefined);
      await here.query('DELETE FROM spare');
      await here.query('VACUUM spare');
      if (running) return running;
      await untilThere();
      return sql`SELECT 1`.execute(tx);
    });
    expect([read, replica.state.state]).toEqual([null, 'cancels']);
  },
);

test('an address of something else is left alone, with its name', async ({
  world,
  postgres,
  primary,
  standby,
  makeKiosk,
  untilThere,
  open,
}) => {
  const { storeId } = await makeKiosk();
  const store = { tenantId: world.config.tenantId, storeId };
  const stand = { point: (await standingOf(primary, store)).point ?? '', written: null };
  await untilThere();
  const silent: Socket[] = [];
  const server = createServer((socket) => silent.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const said = await Promise.all(
    [
      urlOf(postgres.connection),
      urlOf({ ...standby.connection, database: 'template1' }),
      urlOf({ ...standby.connection, ...reader, password: 'another' }),
      `postgres://u:p@127.0.0.1:${port}/d`,
    ].map(async (url) => {
      const replica = open(url);
      const work = () => Promise.reject(new Error('read'));
      return [await replica.read(store, stand, work), replica.state.state];
    }),
  );
  for (const socket of silent) socket.destroy();
  server.close();
  expect(said).toEqual([
    [null, 'is_primary'],
    [null, 'other_database'],
    [null, 'refuses_login'],
    [null, 'unreachable'],
  ]);
});

test('one that is lost costs a kiosk nothing, and is read again once it is back; promoted, it is not', async ({
  standby,
  there,
  makeKiosk,
  putPerson,
  untilThere,
  pagesOf,
  state,
}) => {
  const kiosk = await makeKiosk();
  await putPerson(kiosk.storeId, randomUUID(), 'Ada');
  const pull = async (): Promise<void> =>
    expect((await kiosk.pull('staff')).documents).toMatchObject([{ name: 'Ada' }]);
  const untilRead = () =>
    eventually(async () => expect(await pagesOf(pull)).toEqual({ replica: 1, primary: 0 }));
  await untilThere();
  await untilRead();
  await standby.kill();
  expect(await pagesOf(pull)).toEqual({ replica: 0, primary: 1 });
  expect(await state()).toMatchObject({ state: 'unreachable' });
  standby.start();
  await untilThere();
  await untilRead();
  expect(await there('pg_promote()')).toBe(true);
  expect(await pagesOf(pull)).toEqual({ replica: 0, primary: 1 });
  expect(await state()).toMatchObject({ state: 'is_primary' });
});
