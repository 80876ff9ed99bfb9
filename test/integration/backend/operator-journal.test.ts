/** What operators do is written down with what they did: one row for each call, and nothing in it that is nobody's business. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterEach, describe, expect } from 'vitest';
import { createBackend, type Backend } from '#backend/backend.ts';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { someSerial } from './test-kiosk.ts';
import { adminToken, createWorld, eventually, policy } from './world.ts';
import { storeTest } from './store-test.ts';

const pin = '583920';
const one = (act: string, on: object, outcome = 'done') => [{ operator: 'operator', act, on, outcome }];

const test = storeTest
  .extend(
    'read',
    ({ world }) =>
      async (query = '') =>
        journalAnswerSchema.parse((await world.admin('GET', `/journal${query}`)).body).acts,
  )
  /** The rows that a call leaves. */
  .extend('rowsOf', ({ world, read }) => async (method: string, path: string, body?: unknown) => {
    const [last] = await read('?limit=1');
    const { status } = await world.admin(method, path, body);
    const rows = (await read()).filter(({ number }) => number > (last?.number ?? 0));
    return { status, rows: rows.map(({ operator, act, on, outcome }) => ({ operator, act, on, outcome })) };
  })
  .extend('importOf', ({ kiosk }) => (serialNumber: string) => {
    const { type, name, group, enrolmentCode, deviceCertificate } = kiosk.capture(serialNumber);
    return { serialNumber, type, name, group, enrolmentCode, deviceCertificate };
  });

describe('a call of an operator leaves exactly one row', () => {
  test('for stores, staff, codes and kiosks, done or failed', async ({ storeId, kiosk, rowsOf }) => {
    const [staffId, nobody] = [randomUUID(), randomUUID()];
    const store = `/stores/${storeId}`;
    const { kioskId } = kiosk;
    const expected = [
      [['PUT', store, { name: 'Another', policy }], 204, one('store_put', { storeId })],
      [['PUT', store, { name: 'Another', policy }], 204, one('store_put', { storeId })],
      [['PUT', store, { name: 7 }], 400, one('store_put', { storeId }, 'operator.bad_value')],
      [['POST', `${store}/registration-codes`], 201, one('code_drawn', { storeId })],
      [
        ['POST', `/stores/${nobody}/registration-codes`],
        404,
        one('code_drawn', { storeId: nobody }, 'operator.not_found'),
      ],
      [
        ['PUT', `${store}/staff/${staffId}`, { name: 'Ada', pin }],
        204,
        one('staff_put', { storeId, staffId }),
      ],
      [
        ['PUT', `${store}/staff/${staffId}`, { name: 'Ada', pin }],
        204,
        one('staff_put', { storeId, staffId }),
      ],
      [['DELETE', `${store}/staff/${staffId}`], 204, one('staff_dismissed', { storeId, staffId })],
      [
        ['DELETE', `${store}/staff/${staffId}`],
        404,
        one('staff_dismissed', { storeId, staffId }, 'operator.not_found'),
      ],
      [['POST', `/kiosks/${kioskId}/rotate-keys`], 202, one('key_rotation_asked', { kioskId })],
      [['POST', `/kiosks/${kioskId}/revoke`, { reason: 'replaced' }], 204, one('kiosk_revoked', { kioskId })],
      [
        ['POST', `/kiosks/${kioskId}/rotate-keys`],
        404,
        one('key_rotation_asked', { kioskId }, 'operator.not_found'),
      ],
      [
        ['POST', `/kiosks/${nobody}/revoke`],
        404,
        one('kiosk_revoked', { kioskId: nobody }, 'operator.not_found'),
      ],
      [['POST', '/restored'], 200, one('restored_declared', {})],
    ] as const;
    for (const [[method, path, body], status, rows] of expected) {
      expect(await rowsOf(method, path, body)).toEqual({ status, rows });
    }
  });

  test('for locks, enrolments and the trust, done or failed', async ({
    world,
    storeId,
    kiosk,
    rowsOf,
    importOf,
  }) => {
    const serialNumber = someSerial();
    const locks = `/stores/${storeId}/locks`;
    const on = { storeId, serialNumber };
    expect(await rowsOf('POST', locks, importOf(serialNumber))).toEqual({
      status: 202,
      rows: one('lock_imported', on),
    });
    await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
    expect(await rowsOf('POST', locks, { ...importOf(serialNumber), type: 7 })).toEqual({
      status: 400,
      rows: one('lock_imported', on, 'operator.bad_value'),
    });
    const release = `${locks}/${serialNumber}/release`;
    world.vendor.release = 'down';
    expect(await rowsOf('POST', release)).toEqual({
      status: 503,
      rows: one('release_ordered', on, 'sync.unreachable'),
    });
    world.vendor.release = 'refuse';
    expect((await rowsOf('POST', release)).rows).toEqual(
      one('release_ordered', on, 'enrolment.vendor_refused'),
    );
    expect((await rowsOf('DELETE', release)).rows).toEqual(
      one('release_withdrawn', on, 'operator.not_found'),
    );
    const enrolmentId = randomUUID();
    expect(await rowsOf('POST', `/enrolments/${enrolmentId}/resolve`, { action: 'retry' })).toEqual({
      status: 404,
      rows: one('enrolment_resolved', { enrolmentId, action: 'retry' }, 'operator.not_found'),
    });
    expect((await rowsOf('POST', '/trust/refresh')).rows).toEqual(one('trust_refreshed', {}));
  });

  test('for an order to give a lock back, taken back, and a repeated one', async ({
    storeId,
    kiosk,
    rowsOf,
  }) => {
    const serialNumber = someSerial();
    await kiosk.pushOne(kiosk.capture(serialNumber));
    await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
    const path = `/stores/${storeId}/locks/${serialNumber}/release`;
    for (let turn = 0; turn < 2; turn++) {
      expect((await rowsOf('POST', path)).rows).toEqual(one('release_ordered', { storeId, serialNumber }));
    }
    expect((await rowsOf('DELETE', path)).rows).toEqual(one('release_withdrawn', { storeId, serialNumber }));
  });
});

test('what is done is not done where it cannot be written down', async ({
  postgres,
  world,
  storeId,
  kiosk,
}) => {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(
      `ALTER TABLE operator_acts ADD CONSTRAINT refused CHECK (tenant_id <> '${world.config.tenantId}') NOT VALID`,
    );
    const [staffId, other] = [randomUUID(), randomUUID()];
    const staff = await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ada', pin });
    expect(staff.status).toBe(500);
    expect((await world.admin('PUT', `/stores/${other}`, { name: 'Other', policy })).status).toBe(500);
    expect((await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`)).status).toBe(500);
    expect(await kiosk.pullAll('staff')).toEqual([]);
    const { rows } = await client.query('SELECT 1 FROM stores WHERE store_id = $1', [other]);
    expect(rows).toEqual([]);
  } finally {
    await client.query('ALTER TABLE operator_acts DROP CONSTRAINT IF EXISTS refused');
    await client.end();
  }
});

test('no token, code, PIN or name is in any row, whatever was sent', async ({ world, storeId, read }) => {
  const code = await world.makeCode(storeId);
  const staff = `/stores/${storeId}/staff/${randomUUID()}`;
  await world.admin('PUT', staff, { name: 'Ada Lovelace', pin });
  await world.admin('PUT', staff, { name: 'Ada Lovelace', pin, [pin]: adminToken });
  await world.admin('POST', `/stores/${storeId}/locks`, { serialNumber: pin, enrolmentCode: code });
  await world.admin('POST', `/enrolments/${randomUUID()}/resolve`, { action: pin });
  const text = JSON.stringify(
    (await read()).map((act) => ({ ...act, at: 0, on: { ...act.on, staffId: '' } })),
  );
  for (const secret of [code, `"${pin}`, 'Ada', adminToken]) expect(text).not.toContain(secret);
  expect((await read()).length).toBeGreaterThanOrEqual(8);
});

test('is read in pages, the newest first, and by its own tenant alone', async ({
  postgres,
  world,
  storeId,
  read,
}) => {
  for (let turn = 0; turn < 3; turn++) await world.makeCode(storeId);
  const all = await read();
  const paged: unknown[] = [];
  let before = '';
  for (;;) {
    const page = await read(`?limit=2${before}`);
    const last = page.at(-1);
    if (!last) break;
    paged.push(...page);
    before = `&before=${last.number}`;
  }
  expect(paged).toEqual(all);
  expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).sort((a, b) => b - a));
  expect((await world.admin('GET', '/journal?limit=0')).status).toBe(400);
  const other = await createWorld(postgres.url);
  try {
    expect((await other.admin('GET', '/journal')).body).toMatchObject({ acts: [{ act: 'trust_refreshed' }] });
  } finally {
    await other.dispose();
  }
});

test('what the database put off is written down by the code that the caller got; what is no request, not at all', async ({
  postgres,
  world,
  storeId,
  read,
  rowsOf,
}) => {
  const holder = new Client({ connectionString: postgres.url });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM stores WHERE store_id = $1 FOR UPDATE', [storeId]);
    expect(await rowsOf('PUT', `/stores/${storeId}`, { name: 'Another', policy })).toEqual({
      status: 503,
      rows: one('store_put', { storeId }, 'sync.unreachable'),
    });
  } finally {
    await holder.end();
  }
  const before = await read();
  for (const body of ['{"name":', JSON.stringify({ name: 'x'.repeat(70_000), policy })]) {
    const { status } = await fetch(`${world.backend.url}/v1/admin/stores/${storeId}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body,
    });
    expect([400, 413]).toContain(status);
  }
  expect(await read()).toEqual(before);
});

describe('an operator with a token of their own', () => {
  const token = 'the token of ann, long';
  let named: Backend;
  afterEach(() => named.dispose());

  test('goes by their name in the journal', async ({ world, storeId, read }) => {
    named = await createBackend({ ...world.config, adminTokens: [{ name: 'ann', token }] }, world.ports);
    const headers = { authorization: `Bearer ${token}` };
    const url = `${named.url}/v1/admin/stores/${storeId}/registration-codes`;
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(201);
    expect(await read('?limit=1')).toMatchObject([{ operator: 'ann', act: 'code_drawn', outcome: 'done' }]);
    await world.makeCode(storeId);
    expect(await read('?limit=1')).toMatchObject([{ operator: 'operator' }]);
  });
});
