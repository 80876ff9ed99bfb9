/** One caller costs one caller: what a kiosk or a store does to the backend, no other store has to wait for. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { assertion, requestToken, someSerial, type TestKiosk } from './test-kiosk.ts';
import { eventually } from './world.ts';
import { storeTest } from './store-test.ts';

/** As many enrolments as a kiosk can send in two minutes, each as large as the models allow. */
const largeEnrolments = 1_100;

const test = storeTest
  .extend('mad', ({ world, storeId }) => world.makeKiosk(storeId))
  .extend('other', async ({ world }) => await world.makeKiosk(await world.makeStore()))
  .extend('fillStore', ({ world, client, storeId, mad }) => async (): Promise<void> => {
    const large = randomBytes(6_144).toString('base64');
    await client.query(
      `WITH store AS (
       UPDATE stores SET sequence = sequence + $5 WHERE tenant_id = $1 AND store_id = $2 RETURNING sequence - $5 AS first)
     INSERT INTO enrolments (tenant_id, store_id, enrolment_id, origin, serial_number, state, type, name, group_name,
       enrolment_code, device_certificate, kiosk_id, staff_id, captured_at, changed_at, operation_id, version)
     SELECT $1, $2, gen_random_uuid(), 'kiosk', n::text, 'abandoned', 'CAM', 'A lock', '', $4, $4, $3, $3, 0, 0,
       gen_random_uuid(), first + n FROM store, generate_series(1, $5) AS n`,
      [world.config.tenantId, storeId, mad.kioskId, large, largeEnrolments],
    );
  })
  /** Each registration takes the vendor so long. */
  .extend('slowVendor', ({ world }) => (ms: number): void => {
    const { vendor } = world;
    const inner = vendor.fetch.bind(vendor);
    vendor.fetch = async (url, init) => {
      if (init.method === 'POST' && url.includes('/v1/dlock')) await pause(ms);
      return inner(url, init);
    };
  });

const largestAnswer = 6 * 1024 * 1024;

test('a page is bounded in bytes too, and the kiosk still gets every row, once and in order', async ({
  mad,
  fillStore,
}) => {
  await fillStore();
  const versions: number[] = [];
  for (let after = 0, left = 1; left > 0;) {
    const text = await (await mad.request(`/v1/sync/enrolments?after=${after}&limit=1000`)).text();
    expect(text.length).toBeLessThan(largestAnswer);
    const page = JSON.parse(text) as {
      documents: { version: number }[];
      checkpoint: number;
      remaining: number;
    };
    versions.push(...page.documents.map(({ version }) => version));
    expect(versions.length + page.remaining).toBe(largeEnrolments);
    [after, left] = [page.checkpoint, page.remaining];
  }
  expect(new Set(versions).size).toBe(largeEnrolments);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

/** Asks for a page, and reads none of it. */
const askUnread = async (of: TestKiosk, url: string) => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    `GET /v1/sync/enrolments?after=0&limit=1000 HTTP/1.1\r\nHost: backend\r\nAuthorization: Bearer ${of.token}\r\n\r\n`,
  );
  return socket;
};

test('who reads no answers gets two, is closed after a while, and holds up nobody', async ({
  world,
  mad,
  other,
  fillStore,
}) => {
  await fillStore();
  const { url } = await world.startInstance({ answerMs: 1_000 });
  const [reads, waits] = [other.at(url), mad.at(url)];
  const sockets = await Promise.all(Array.from({ length: 60 }, () => askUnread(mad, url)));
  expect((await reads.pull('store')).documents).toHaveLength(1);
  // The kiosk gets another answer only once those that it does not read were broken off.
  await vi.waitFor(
    async () => expect((await waits.request('/v1/sync/store?after=0&limit=1')).status).toBe(200),
    { timeout: 40_000, interval: 100 },
  );
  const ends = await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<{ bytes: number; isWhole: boolean }>((resolve) => {
          let text = '';
          const end = (): void => {
            socket.destroy();
            resolve({ bytes: text.length, isWhole: text.includes('"remaining":') });
          };
          socket.on('data', (chunk: Buffer) => {
            text += chunk.toString('latin1');
            if (text.includes('"remaining":') || text.startsWith('HTTP/1.1 429')) end();
          });
          socket.on('close', end);
          socket.resume();
        }),
    ),
  );
  // The pages that were begun and not read were broken off.
  expect(ends.filter(({ bytes, isWhole }) => bytes > 1_000 && !isWhole).length).toBeGreaterThan(0);
  expect(ends.filter(({ isWhole }) => isWhole).length).toBeLessThan(30);
});

test('who sends the body of an open call slowly, on many connections, keeps nobody from a token', async ({
  world,
  other,
}) => {
  const { hostname, port } = new URL(world.backend.url);
  const slow = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(
        'POST /v1/token HTTP/1.1\r\nHost: backend\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
      );
      return socket;
    }),
  );
  // Their heads are read by then: another request has gone round.
  expect((await other.pull('store')).documents).toHaveLength(1);
  const answer = await requestToken(
    world.backend.url,
    await assertion(other.keys, { kioskId: other.kioskId }),
  );
  expect(answer.status).toBe(200);
  for (const socket of slow) socket.destroy();
});

test('of two hundred pulls at once by one kiosk, another store’s waits for a few only', async ({
  mad,
  other,
  fillStore,
}) => {
  await fillStore();
  let done = 0;
  const flood = Array.from({ length: 200 }, async () => {
    const answer = await mad.request('/v1/sync/enrolments?after=0&limit=200');
    await answer.arrayBuffer();
    if (answer.status === 200) done += 1;
    return [answer.status, answer.headers.get('retry-after')];
  });
  await Promise.race(flood);
  const before = done;
  expect((await other.pull('store')).documents).toHaveLength(1);
  expect(done - before).toBeLessThan(20);
  // Not counted: it takes the disk's time, which reading does not.
  expect(await other.pushOne(other.capture(someSerial()))).toMatchObject({ status: 'accepted' });
  const answers = await Promise.all(flood);
  expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200, 429]));
  expect(answers.filter(([status]) => status === 429).every(([, after]) => after === '1')).toBe(true);
});

test('a transaction that stopped while it held a store costs that store only, and whoever waits for it is told soon', async ({
  world,
  client,
  storeId,
  mad,
  other,
}) => {
  const waiting = await Promise.all(Array.from({ length: 17 }, () => world.makeKiosk(storeId)));
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM stores WHERE tenant_id = $1 AND store_id = $2 FOR UPDATE', [
    world.config.tenantId,
    storeId,
  ]);
  const headers = { 'content-type': 'application/json' };
  let told = 0;
  const pushes = [mad, ...waiting].map(async (each) => {
    const body = JSON.stringify({ rows: [each.capture(someSerial())] });
    const answer = await each.request('/v1/sync/enrolments', { method: 'POST', headers, body });
    told += 1;
    return [answer.status, answer.headers.get('retry-after')];
  });
  const blocked = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
  await eventually(async () => expect((await client.query(blocked)).rows.length).toBeGreaterThan(0));
  for (let count = 0; count < 5; count += 1) {
    expect((await other.pull('store')).documents).toHaveLength(1);
    expect(await other.pushOne(other.capture(someSerial()))).toMatchObject({ status: 'accepted' });
    // Not one after the other: that store's are waiting while this one's go on.
    if (count === 0) expect(told).toBeLessThan(pushes.length);
  }
  // And they are told while the row is still held.
  expect(await Promise.all(pushes)).toEqual(pushes.map(() => [503, '2']));
  await client.query('ROLLBACK');
  expect(await mad.pushOne(mad.capture(someSerial()))).toMatchObject({ status: 'accepted' });
}, 180_000);

test('a kiosk with more pushes in its line waits after each for as long as it took', async ({
  world,
  client,
  storeId,
  mad,
}) => {
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM stores WHERE tenant_id = $1 AND store_id = $2 FOR UPDATE', [
    world.config.tenantId,
    storeId,
  ]);
  const push = async (): Promise<number> => {
    expect(await mad.pushOne(mad.capture(someSerial()))).toMatchObject({ status: 'accepted' });
    return performance.now();
  };
  const pushes = [push(), push()];
  const blocked = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
  await eventually(async () => expect((await client.query(blocked)).rows).toHaveLength(1));
  // Each push that is under way is blocked: the first one takes this long at the least.
  const tookMs = 600;
  await pause(tookMs);
  await client.query('COMMIT');
  const [first = 0, second = 0] = (await Promise.all(pushes)).toSorted((a, b) => a - b);
  expect(second - first).toBeGreaterThan(tookMs / 2);
});

test('a lock is registered after about one call though another store put hundreds in line, at two instances', async ({
  world,
  mad,
  other,
  slowVendor,
}) => {
  await world.startInstance();
  slowVendor(500);
  await mad.push(
    'enrolments',
    Array.from({ length: 250 }, () => mad.capture(someSerial())),
  );
  const mine = other.capture(someSerial());
  await other.pushOne(mine);
  // However long it took to be put in line.
  const before = world.vendor.calls.length;
  await eventually(() => expect(world.vendor.calls).toContain(mine.serialNumber));
  // Those that were under way, and one more of each lane at the most.
  expect(world.vendor.calls.indexOf(mine.serialNumber) - before).toBeLessThan(20);
}, 180_000);

test('a kiosk has some hundred registrations in line, then it is put off; its events and its store are not', async ({
  world,
  storeId,
  mad,
  other,
}) => {
  const answer = Promise.withResolvers<undefined>();
  world.vendor.hold = answer.promise;
  const headers = { 'content-type': 'application/json' };
  const push = async (of: TestKiosk, count: number) => {
    const rows = Array.from({ length: count }, () => of.capture(someSerial()));
    return (
      await of.request('/v1/sync/enrolments', { method: 'POST', headers, body: JSON.stringify({ rows }) })
    ).status;
  };
  expect([await push(mad, 299), await push(mad, 1), await push(mad, 1)]).toEqual([200, 200, 429]);
  // Not for each instance anew: what the vendor is asked for does not grow with them.
  expect(await push(mad.at((await world.startInstance()).url), 1)).toBe(429);
  expect(await push(await world.makeKiosk(storeId), 1)).toBe(200);
  expect(await push(other, 1)).toBe(200);
  answer.resolve(undefined);
}, 180_000);

test('events without end are put off after all that an honest kiosk can have kept; another kiosk’s are taken', async ({
  mad,
  other,
}) => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ rows: Array.from({ length: 500 }, (_, at) => ({ nonsense: at })) });
  const push = (of: TestKiosk) => of.request('/v1/sync/accessEvents', { method: 'POST', headers, body });
  for (let count = 0; count < 200; count += 1) expect((await push(mad)).status).toBe(200);
  const answer = await push(mad);
  expect([answer.status, Number(answer.headers.get('retry-after')) > 3_600]).toEqual([429, true]);
  expect((await push(other)).status).toBe(200);
});
