/** One sealing secret takes another's place: nothing is lost on the way, and what is missing is said at the start. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { expect } from 'vitest';
import { z } from 'zod';
import { pullAnswerSchema, tokenAnswerSchema } from '#shared/http/contract.ts';
import type { Backend } from '#backend/backend.ts';
import { keyContext } from '#backend/enrolment/registration-outcome.ts';
import { badgeKeyContext } from '#backend/badges/badge-key.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { assertion, requestToken, someSerial } from './test-kiosk.ts';
import { adminToken, eventually } from './world.ts';
import { storeTest } from './store-test.ts';

const old = 'canary sealing secret, long enough';
const next = 'canary: the next sealing secret, long enough too';
const changing = { sealingSecret: next, sealingSecretPrevious: old };
const bytesSchema = z.array(z.object({ serial_number: z.string(), encrypted: z.instanceof(Buffer) }));

const test = storeTest
  .extend(
    'stateAt',
    ({ world }) =>
      async (backend: Backend): Promise<unknown> =>
        (await world.admin('GET', '/sealing', undefined, backend.url)).body,
  )
  .extend('opensAllAt', ({ kiosk }) => async (backend: Backend): Promise<void> => {
    // With a token of the instance that had only the secret before.
    const keys = await kiosk.at(backend.url).pullAll('keyCertificates');
    expect(keys).toHaveLength(3);
    for (const { serialNumber, sealed } of keys) {
      expect(await kiosk.open(sealed)).toMatchObject({ serialNumber });
    }
  })
  /** A token that the old secret signed is none to an instance that does not have it; the kiosk gets another. */
  .extend('opensAllAnewAt', ({ kiosk }) => async ({ url }: Backend): Promise<void> => {
    expect((await kiosk.at(url).request('/v1/sync/keyCertificates?after=0&limit=9')).status).toBe(401);
    const asked = await requestToken(url, await assertion(kiosk.keys, { kioskId: kiosk.kioskId }));
    const { access_token: token } = tokenAnswerSchema.parse(await asked.json());
    const answer = await fetch(`${url}/v1/sync/keyCertificates?after=0&limit=9`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { documents } = pullAnswerSchema.parse(await answer.json());
    for (const { serialNumber, sealed } of documents) {
      expect(await kiosk.open(sealed)).toMatchObject({ serialNumber });
    }
    expect(documents).toHaveLength(3);
  })
  .extend('badgeKeyAt', ({ kiosk }) => async (backend: Backend): Promise<string> => {
    const [store] = await kiosk.at(backend.url).pullAll('store');
    const sealed = z.string().parse(store?.['badgeKey']);
    return Buffer.from((await compactDecrypt(sealed, kiosk.keys.sealing)).plaintext).toString('hex');
  });

test.beforeEach(async ({ kiosk }) => {
  for (const serialNumber of [someSerial(), someSerial(), someSerial()]) {
    expect(await kiosk.pushOne(kiosk.capture(serialNumber))).toMatchObject({ status: 'accepted' });
  }
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(3));
});

const problemOf = (path: string) => ({ error: { code: 'config.invalid', params: { path } } });

test('the keys are read under both secrets, brought under the new one, and the old one may go', async ({
  world,
  stateAt,
  opensAllAt,
  opensAllAnewAt,
}) => {
  const changed = await world.startInstance(changing);
  await opensAllAt(changed);
  await eventually(async () =>
    expect(await stateAt(changed)).toMatchObject({ previousSecret: 'not_needed', keys: 5, unreadable: 0 }),
  );
  expect(
    world.log.filter((line) => line.includes('SEALING_SECRET_PREVIOUS is no longer needed')),
  ).toHaveLength(1);
  expect(world.log.join('')).not.toContain('canary');

  const alone = await world.startInstance({ sealingSecret: next });
  await opensAllAnewAt(alone);
  await eventually(async () =>
    expect(await stateAt(alone)).toMatchObject({
      previousSecret: 'not_set',
      keys: 5,
      unreadable: 0,
      renewed: 0,
    }),
  );
  await expect(world.startInstance({ sealingSecret: old })).rejects.toMatchObject(
    problemOf('SEALING_SECRET'),
  );
});

test('so is the key of each store’s badges', async ({ client, world, storeId, stateAt, badgeKeyAt }) => {
  const before = await badgeKeyAt(world.backend);
  expect(before).toHaveLength(64);
  const changed = await world.startInstance(changing);
  expect(await badgeKeyAt(changed)).toBe(before);
  await eventually(async () =>
    expect(await stateAt(changed)).toMatchObject({ previousSecret: 'not_needed' }),
  );
  const { rows } = await client.query<{ badge_key: Buffer }>(
    'SELECT badge_key FROM stores WHERE tenant_id = $1',
    [world.config.tenantId],
  );
  const key = rows[0]?.badge_key ?? Buffer.alloc(0);
  const context = badgeKeyContext(world.config.tenantId, storeId);
  expect(() => createAtRest(old).decrypt(key, context)).toThrow();
  expect(createAtRest(next).decrypt(key, context)).toHaveLength(32);
  expect(await badgeKeyAt(changed)).toBe(before);
});

test('a store whose badge key no secret opens is handed out all the same, without it', async ({
  client,
  world,
  storeId,
  kiosk,
}) => {
  await client.query(`UPDATE stores SET badge_key = decode(repeat('00', 64), 'hex') WHERE tenant_id = $1`, [
    world.config.tenantId,
  ]);
  for (let n = 0; n < 2; n += 1) {
    const [store, ...more] = await kiosk.pullAll('store');
    expect(store).toMatchObject({ storeId, name: 'A store' });
    expect(store).not.toHaveProperty('badgeKey');
    expect(more).toEqual([]);
  }
  expect(world.log.filter((line) => line.includes('a key of badges that no secret opens'))).toHaveLength(1);
});

test('once a secret opens it again, that store’s kiosks are told of the key, without any other change', async ({
  client,
  world,
  kiosk,
  badgeKeyAt,
}) => {
  const before = await badgeKeyAt(world.backend);
  const { rows } = await client.query<{ badge_key: Buffer }>(
    'SELECT badge_key FROM stores WHERE tenant_id = $1',
    [world.config.tenantId],
  );
  const setKey = (key: Buffer | undefined): Promise<unknown> =>
    client.query('UPDATE stores SET badge_key = $1 WHERE tenant_id = $2', [key, world.config.tenantId]);
  await setKey(Buffer.alloc(64));
  const { checkpoint } = await kiosk.pull('store');
  await setKey(rows[0]?.badge_key);
  expect((await kiosk.pull('store', checkpoint)).documents).toEqual([]);
  const started = await world.startInstance();
  await eventually(async () =>
    expect((await kiosk.at(started.url).pull('store', checkpoint)).documents).toMatchObject([
      { badgeKey: expect.any(String) as string },
    ]),
  );
  expect(await badgeKeyAt(started)).toBe(before);
});

test('without the secret before, no start while keys are left that only it opens', async ({
  client,
  world,
  stateAt,
  opensAllAt,
}) => {
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM key_certificates WHERE tenant_id = $1 FOR UPDATE', [
    world.config.tenantId,
  ]);
  const held = await world.startInstance(changing);
  expect(await stateAt(held)).toMatchObject({ previousSecret: 'needed' });
  await held.dispose();
  await expect(world.startInstance({ sealingSecret: next })).rejects.toMatchObject(
    problemOf('SEALING_SECRET_PREVIOUS'),
  );
  await client.query('ROLLBACK');

  const again = await world.startInstance(changing);
  await eventually(async () => expect(await stateAt(again)).toMatchObject({ previousSecret: 'not_needed' }));
  await opensAllAt(again);
});

test.for(['noted', 'of an earlier release'])(
  'a wrong secret, or a wrong one before, is said at the start and spoils nothing (%s)',
  async (kind, { client, world, stateAt, opensAllAt }) => {
    if (kind !== 'noted') {
      const names = `DELETE FROM tenant_settings WHERE tenant_id = $1 AND name LIKE 'sealing secret %'`;
      await client.query(names, [world.config.tenantId]);
    }
    const wrong = { sealingSecret: 'canary: a slip of the pen, though long enough' };
    await expect(world.startInstance(wrong)).rejects.toMatchObject(problemOf('SEALING_SECRET'));
    const wrongBefore = { sealingSecret: next, sealingSecretPrevious: wrong.sealingSecret };
    await expect(world.startInstance(wrongBefore)).rejects.toMatchObject(problemOf('SEALING_SECRET'));
    await opensAllAt(await world.startInstance());
    const changed = await world.startInstance(changing);
    await eventually(async () =>
      expect(await stateAt(changed)).toMatchObject({ previousSecret: 'not_needed' }),
    );
  },
);

test('an instance that still writes under the old secret is read by those that have both', async ({
  world,
  stateAt,
  opensAllAt,
}) => {
  const ahead = await world.startInstance({ sealingSecret: old, sealingSecretPrevious: next });
  const changed = await world.startInstance(changing);
  await eventually(async () =>
    expect(await stateAt(changed)).toMatchObject({ previousSecret: 'not_needed' }),
  );
  await opensAllAt(ahead);
});

test('a key that neither secret opens is told, and does not keep the old one needed', async ({
  client,
  world,
  stateAt,
}) => {
  await client.query(
    `UPDATE key_certificates SET encrypted = decode(repeat('00', 64), 'hex') WHERE tenant_id = $1
       AND serial_number = (SELECT min(serial_number) FROM key_certificates WHERE tenant_id = $1)`,
    [world.config.tenantId],
  );
  const changed = await world.startInstance(changing);
  await eventually(async () =>
    expect(await stateAt(changed)).toMatchObject({ previousSecret: 'not_needed', keys: 5, unreadable: 1 }),
  );
  expect(world.log.join('')).toContain('keys that no secret opens');
});

test('killed in the middle of it, a backend has lost no key, and the next start goes on', async ({
  postgres,
  client,
  world,
  storeId,
  stateAt,
}) => {
  const { tenantId } = world.config;
  const rows = 1_000;
  const before = createAtRest(old);
  const serials = Array.from({ length: rows }, (_, index) => `K${String(index).padStart(9, '0')}`);
  await client.query(
    `INSERT INTO key_certificates (tenant_id, store_id, serial_number, encrypted, version)
     SELECT $1, $2, serial, encrypted, 1 FROM unnest($3::text[], $4::bytea[]) AS keys (serial, encrypted)`,
    [
      tenantId,
      storeId,
      serials,
      serials.map((each) => before.encrypt(Buffer.from(each), keyContext(tenantId, each))),
    ],
  );
  const read = async () => {
    const query = `SELECT serial_number, encrypted FROM key_certificates WHERE tenant_id = $1 AND serial_number LIKE 'K%'`;
    return bytesSchema.parse((await client.query(query, [tenantId])).rows);
  };
  const opened = async (secret: string, previous?: string): Promise<number> => {
    const atRest = createAtRest(secret, previous);
    return (await read()).filter(({ serial_number: serial, encrypted }) => {
      try {
        return atRest.decrypt(encrypted, keyContext(tenantId, serial)).toString() === serial;
      } catch {
        return false;
      }
    }).length;
  };

  // It comes as far as this row, and waits.
  await client.query('BEGIN');
  const lock = 'SELECT 1 FROM key_certificates WHERE tenant_id = $1 AND serial_number = $2 FOR UPDATE';
  await client.query(lock, [tenantId, serials[700]]);
  const child = fork('backend/main.ts', [], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      TENANT_ID: tenantId,
      DATABASE_URL: postgres.url,
      LIVE_LOCK_API_URL: 'http://127.0.0.1:9',
      LIVE_LOCK_API_KEY: randomUUID(),
      LIVE_LOCK_OWNER: 'owner',
      ADMIN_TOKEN: adminToken,
      SEALING_SECRET: next,
      SEALING_SECRET_PREVIOUS: old,
    },
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  await eventually(async () => expect(await opened(next)).toBeGreaterThan(0));
  child.kill('SIGKILL');
  await ended;
  await client.query('ROLLBACK');
  const done = await opened(next);
  expect(done).toBeLessThan(rows);
  expect(await opened(next, old)).toBe(rows);

  const again = await world.startInstance(changing);
  await eventually(async () => expect(await stateAt(again)).toMatchObject({ previousSecret: 'not_needed' }));
  expect(await opened(next)).toBe(rows);
});
