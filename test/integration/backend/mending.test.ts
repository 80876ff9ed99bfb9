/** What is put right by the clock: beside whoever holds a store, and beside other instances that do the same. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createBadgeKeys } from '#backend/badges/badge-key.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { createPlaceMend } from '#backend/places/mend-places.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest as test } from './store-test.ts';

test('a store that somebody holds holds up no other, and is put right with the next look', async ({
  world,
  db,
}) => {
  const { tenantId } = world.config;
  const held = '00000002-0000-4000-8000-000000000000';
  for (const id of ['00000001-0000-4000-8000-000000000000', held, '00000003-0000-4000-8000-000000000000'])
    await sql`
      WITH store AS (
        INSERT INTO stores (tenant_id, store_id, name, policy, sequence, version)
        VALUES (${tenantId}, ${id}, 'A store', '{}', 1, 1))
      INSERT INTO locks (tenant_id, store_id, serial_number, name, group_name, type, device_certificate, version)
      VALUES (${tenantId}, ${id}, ${someSerial()}, 'Window', '', '', '', 1)`.execute(db);
  const mend = createPlaceMend({ db, tenantId, logger: silentLogger, now: () => Date.now() });
  await db.transaction().execute(async (tx) => {
    await sql`SELECT 1 FROM stores WHERE store_id = ${held} FOR UPDATE`.execute(tx);
    expect(await mend.run()).toBe(2);
  });
  expect(await mend.run()).toBe(1);
  expect(await mend.run()).toBe(0);
});

test('a store told without its key is told anew once, by however many instances, and again after an hour at the earliest', async ({
  world,
  db,
  storeId,
}) => {
  const { tenantId, sealingSecret } = world.config;
  const ports = { db, tenantId, mayWrite: () => true, logger: silentLogger };
  const create = (secret: string) => createBadgeKeys({ ...ports, atRest: createAtRest(secret) });
  const [one, other] = [create(sealingSecret), create(sealingSecret)];
  const lacking = create('canary: another sealing secret, long enough');
  const now = Date.now();
  await one.ensure(storeId);
  await lacking.noteUntold(storeId);
  expect(await lacking.tellUntold(now)).toBe(0);
  expect((await Promise.all([one.tellUntold(now), other.tellUntold(now)])).toSorted()).toEqual([0, 1]);
  // The one that lacks the secret goes on beside them.
  await lacking.noteUntold(storeId);
  expect(await one.tellUntold(now + 600_000)).toBe(0);
  expect(await other.tellUntold(now + 3_600_000)).toBe(1);
});
