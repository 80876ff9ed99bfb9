/** The backend is restored from a backup that is older than a kiosk's new keys: what people are told, and the way out. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

interface Keys {
  readonly kiosk_id: string;
  readonly signing_key: unknown;
  readonly sealing_key: unknown;
}

const test = estateTest
  .extend('database', { scope: 'file' }, async ({ estate }, { onCleanup }) => {
    const database = new pg.Client({ connectionString: estate.databaseUrl });
    onCleanup(() => database.end());
    await database.connect();
    return database;
  })
  .extend('keysOf', ({ database }) => async (storeId: string): Promise<Keys> => {
    const { rows } = await database.query<Keys>(
      'SELECT kiosk_id, signing_key, sealing_key FROM kiosks WHERE store_id = $1',
      [storeId],
    );
    const [kiosk] = rows;
    if (!kiosk) throw new Error('the store has no kiosk');
    return kiosk;
  })
  .extend(
    'restore',
    ({ database }) =>
      ({ kiosk_id: id, signing_key: signing, sealing_key: sealing }: Keys): Promise<unknown> =>
        database.query(
          'UPDATE kiosks SET signing_key = $2, sealing_key = $3, previous_signing_key = NULL WHERE kiosk_id = $1',
          [id, JSON.stringify(signing), JSON.stringify(sealing)],
        ),
  );

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ database: _database }) => undefined);

const identityFile = (kiosk: EstateKiosk): string =>
  readFileSync(join(kiosk.dataDir, 'vault', 'identity.json'), 'utf8');

test('older than new keys: refused and said so, opens what it can, registered anew it loses no enrolment', async ({
  estate,
  keysOf,
  restore,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();

  const backup = await keysOf(storeId);
  const oldIdentity = identityFile(kiosk);
  await estate.admin('POST', `/kiosks/${backup.kiosk_id}/rotate-keys`);
  await kiosk.stop();
  await kiosk.start();
  await eventually(() => expect(identityFile(kiosk)).not.toBe(oldIdentity));
  await eventually(async () => expect((await keysOf(storeId)).signing_key).not.toEqual(backup.signing_key));
  await kiosk.stop();
  await restore(backup);

  // The person is told, the locks whose keys are here open, and what is captured waits.
  await kiosk.start();
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.state === 'refused'));
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
  const waiting = await estate.makeLock();
  expect((await kiosk.capture(waiting)).ok).toBe(true);
  expect(kiosk.enrolment(waiting)?.state).toBe('captured');

  // The way out: the operator revokes the identity that cannot be proven, IT removes it, a new code makes a new one.
  await estate.admin('POST', `/kiosks/${backup.kiosk_id}/revoke`);
  await kiosk.stop();
  rmSync(join(kiosk.dataDir, 'vault'), { recursive: true });
  await kiosk.start();
  expect(kiosk.view('kiosk').phase).toBe('unregistered');
  await kiosk.register(storeId);
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.state === 'online'));
  await eventually(() => expect(kiosk.enrolment(waiting)?.state).toBe('provisioned'));
  if (kiosk.view('kiosk').session === null) await kiosk.signIn();
  // Its Key Certificate comes again, sealed to the new keys.
  await eventually(async () => expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } }));
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.waiting === 0));
  // Events of the lost identity that had not been delivered are the kiosk's own to show: counted, not silently gone.
  expect(kiosk.view('health').connection.invalidRows).toBeGreaterThan(0);
}, 180_000);
