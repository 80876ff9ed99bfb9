/** A copy of the database alone lets nobody try PINs: their verifiers lie in it under a secret that it does not have. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Backend } from '#backend/backend.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { sealPinsInTheOpen } from '#backend/keys/stored-pins.ts';
import { createPinTelling } from '#backend/keys/tell-pins.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { eventually } from './world.ts';
import { storeTest } from './store-test.ts';

const old = 'canary sealing secret, long enough';
const next = 'canary: the next sealing secret, long enough too';
const keptSchema = z.array(z.object({ pin: z.unknown(), duress_pin: z.unknown(), version: z.unknown() }));
const inTheOpen = z.looseObject({ salt: z.string(), hash: z.string() });
const staffId = randomUUID();

const test = storeTest
  .extend(
    'put',
    ({ world, storeId }) =>
      (pins: object, url?: string) =>
        world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ada', ...pins }, url),
  )
  .extend('kept', ({ client, world }) => async () => {
    const { rows } = await client.query(
      'SELECT pin, duress_pin, version FROM staff WHERE tenant_id = $1 AND staff_id = $2',
      [world.config.tenantId, staffId],
    );
    return keptSchema.parse(rows)[0]!;
  })
  .extend('verifierAt', ({ kiosk }) => async (backend?: Backend): Promise<unknown> => {
    const [person] = await (backend ? kiosk.at(backend.url) : kiosk).pullAll('staff');
    return inTheOpen.parse(person?.['pin']);
  });

test.beforeEach(async ({ world, storeId, put }) => {
  const policy = { offlineLeaseHours: 24, idleSignOutSeconds: 300, holdOpenSeconds: 5, duressPin: true };
  expect((await world.admin('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy })).status).toBe(
    204,
  );
  expect((await put({ pin: '582047', duressPin: '693158' })).status).toBe(204);
});

const sealed = { sealed: expect.any(String) as string };

test('both PINs lie there sealed, and reach a kiosk as they were made; what they are is told by neither', async ({
  client,
  world,
  put,
  kept,
  verifierAt,
}) => {
  const { pin, duress_pin: duressPin } = await kept();
  expect([pin, duressPin]).toEqual([sealed, sealed]);
  const { salt, hash } = inTheOpen.parse(await verifierAt());
  const { rows } = await client.query('SELECT staff::text AS row FROM staff WHERE tenant_id = $1', [
    world.config.tenantId,
  ]);
  for (const part of [salt, hash]) expect(JSON.stringify(rows)).not.toContain(part);
  // The same once more is no change, as before.
  const before = await kept();
  expect((await put({ pin: '582047', duressPin: '693158' })).status).toBe(204);
  expect(await kept()).toEqual(before);
});

test('what a release before left in the open is sealed at the first start, and is no change for a kiosk', async ({
  client,
  world,
  kept,
  verifierAt,
}) => {
  const verifier = await verifierAt();
  await client.query('UPDATE staff SET pin = $1, duress_pin = $1 WHERE tenant_id = $2', [
    JSON.stringify(verifier),
    world.config.tenantId,
  ]);
  const { version } = await kept();
  expect(await verifierAt()).toEqual(verifier);
  const started = await world.startInstance();
  await eventually(async () => expect(await kept()).toEqual({ pin: sealed, duress_pin: sealed, version }));
  expect(await verifierAt(started)).toEqual(verifier);
});

test('what one at work beside this one has left in the open since is sealed with the next look', async ({
  postgres,
  client,
  world,
  kept,
  verifierAt,
}) => {
  const verifier = await verifierAt();
  const { db, ...database } = openDatabase(readAddress(postgres.url), silentLogger);
  const look = () => sealPinsInTheOpen({ db, tenantId: world.config.tenantId, atRest: createAtRest(old) });
  try {
    expect(await look()).toBe(0);
    await client.query('UPDATE staff SET pin = $1, duress_pin = $1 WHERE tenant_id = $2', [
      JSON.stringify(verifier),
      world.config.tenantId,
    ]);
    const { version } = await kept();
    expect(await look()).toBe(2);
    expect(await kept()).toEqual({ pin: sealed, duress_pin: sealed, version });
    expect(await verifierAt()).toEqual(verifier);
  } finally {
    await database.dispose();
  }
});

test('kiosks that one of the release before has told of sealed PINs are told of them anew once it has ended', async ({
  postgres,
  client,
  world,
  kiosk,
  verifierAt,
}) => {
  const verifier = await verifierAt();
  const { db, ...database } = openDatabase(readAddress(postgres.url), silentLogger);
  const { tenantId } = world.config;
  const tellAt = async () => {
    const { rows } = await client.query('SELECT tell_pins_at FROM stores WHERE tenant_id = $1', [tenantId]);
    return z.tuple([z.object({ tell_pins_at: z.coerce.number().nullable() })]).parse(rows)[0].tell_pins_at;
  };
  const tell = createPinTelling({ db, tenantId, logger: silentLogger });
  try {
    expect(await tellAt()).toBeNull();
    await client.query('UPDATE staff SET pin = $1 WHERE tenant_id = $2', [
      JSON.stringify(verifier),
      tenantId,
    ]);
    await sealPinsInTheOpen({ db, tenantId, atRest: createAtRest(old) });
    // That one may still be at work.
    expect((await tellAt())! - Date.now()).toBeGreaterThan(3_500_000);
    expect(await tell()).toBe(0);
    const { documents: before } = await kiosk.pull('staff');
    await client.query('UPDATE stores SET tell_pins_at = 0 WHERE tenant_id = $1', [tenantId]);
    // By two instances at a time, once.
    expect((await Promise.all([tell(), tell()])).toSorted()).toEqual([0, 1]);
    const { documents } = await kiosk.pull('staff', Number(before.at(-1)?.['version']));
    expect(documents).toMatchObject([{ staffId }]);
    expect(await verifierAt()).toEqual(verifier);
    expect([await tell(), await tellAt()]).toEqual([0, null]);
    // One that could not be told, as another instance has just done so, is not due again.
    await client.query('UPDATE stores SET tell_pins_at = 0 WHERE tenant_id = $1', [tenantId]);
    await client.query('BEGIN');
    await client.query('UPDATE stores SET tell_pins_at = NULL WHERE tenant_id = $1', [tenantId]);
    const { promise: told, resolve } = Promise.withResolvers<unknown>();
    const warn = (): void => resolve(client.query('COMMIT'));
    const late = createPinTelling({ db, tenantId, logger: { ...silentLogger, warn } });
    expect([await late(), await told, await tellAt()]).toMatchObject([0, { command: 'COMMIT' }, null]);
  } finally {
    await database.dispose();
  }
});

test('one that no secret opens is counted and holds nobody up; a new PIN mends it', async ({
  client,
  world,
  put,
  kept,
  verifierAt,
}) => {
  const damaged = JSON.stringify({ sealed: Buffer.alloc(64).toString('base64') });
  await client.query('UPDATE staff SET pin = $1 WHERE tenant_id = $2', [damaged, world.config.tenantId]);
  const started = await world.startInstance();
  await eventually(async () =>
    expect((await world.admin('GET', '/sealing', undefined, started.url)).body).toMatchObject({
      unreadable: 1,
    }),
  );
  expect(await verifierAt(started)).toMatchObject({ n: 2 ** 17 });
  const { version } = await kept();
  expect((await put({ pin: '582047' })).status).toBe(204);
  expect(await kept()).toMatchObject({ pin: sealed });
  expect((await kept()).version).not.toEqual(version);
});

test('they change with the secret: the old one may go, and PINs are as they were', async ({
  world,
  put,
  kept,
  verifierAt,
}) => {
  const verifier = await verifierAt();
  const changed = await world.startInstance({ sealingSecret: next, sealingSecretPrevious: old });
  await eventually(async () =>
    expect((await world.admin('GET', '/sealing', undefined, changed.url)).body).toMatchObject({
      previousSecret: 'not_needed',
      unreadable: 0,
    }),
  );
  const { version } = await kept();
  const alone = await world.startInstance({ sealingSecret: next });
  expect((await put({ pin: '582047' }, alone.url)).status).toBe(204);
  expect(await kept()).toMatchObject({ version });
  expect(await verifierAt(changed)).toEqual(verifier);
});
