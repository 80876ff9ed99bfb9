/** How much is served to whom: a chain of kiosks behind one address never waits for itself, nobody else works without end. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createJournal } from '../../bench/journal.ts';
import { assertion, makeKeys, post, register, requestToken } from './test-kiosk.ts';
import { adminToken, createWorld } from './world.ts';
import { storeTest } from './store-test.ts';

/** As many at a time as a browser would. */
const eachOf = async <T>(count: number, task: (index: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  while (results.length < count) {
    const next = Array.from({ length: Math.min(10, count - results.length) }, (_, at) => results.length + at);
    results.push(...(await Promise.all(next.map(task))));
    await pause(0);
  }
  return results;
};
const keys = makeKeys();

const test = storeTest
  .extend('guess', ({ world }) => async (headers: Record<string, string> = {}): Promise<number> => {
    const body = { code: 'AAAA-BBBB-CCCC-DDDD', name: 'Counter', ...keys.registration };
    return (await post(`${world.backend.url}/v1/kiosks`, body, headers)).status;
  })
  /** A kiosk's way to its first page, without a helper's expectations. */
  .extend('setUp', ({ world }) => async (storeId: string): Promise<number> => {
    const own = makeKeys();
    const registered = await register(world.backend.url, await world.makeCode(storeId), own);
    const { kioskId } = (await registered.json()) as { kioskId: string };
    const answer = await requestToken(world.backend.url, await assertion(own, { kioskId }));
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${world.backend.url}/v1/sync/store?after=0&limit=10`, { headers })).status;
  });
beforeEach(() => {
  // A minute passes when the test says so, however long the requests take.
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a chain behind one address goes on setting up kiosks, though two hundred codes were mistyped in this minute', async ({
  world,
  guess,
  setUp,
}) => {
  const storeId = await world.makeStore();
  expect(new Set(await eachOf(200, () => guess()))).toEqual(new Set([403]));
  expect(new Set(await eachOf(10, () => setUp(storeId)))).toEqual(new Set([200]));
});

test('codes cannot be guessed for long; a minute later it goes on', async ({ world, guess }) => {
  expect(new Set(await eachOf(300, () => guess()))).toEqual(new Set([403]));
  expect(await guess()).toBe(429);
  const code = await world.makeCode(await world.makeStore());
  expect((await register(world.backend.url, code, keys)).status).toBe(429);
  world.clock.offsetMs += 60_000;
  expect((await register(world.backend.url, code, keys)).status).toBe(201);
});

const requests = { perAddress: 100, perKiosk: 40 };

test('a kiosk that asks without end is stopped; others of its store and behind its address are not', async ({
  postgres,
}) => {
  const limited = await createWorld(postgres.url, undefined, { requests });
  const { url } = limited.backend;
  const storeId = await limited.makeStore();
  const [mad, other] = [await limited.makeKiosk(storeId), await limited.makeKiosk(storeId)];
  const ask = async (of = mad) => (await of.request('/v1/sync/store?after=0&limit=1')).status;
  const statuses = await eachOf(requests.perKiosk + 10, () => ask());
  expect(statuses.filter((status) => status === 200)).toHaveLength(requests.perKiosk);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect(await ask(other)).toBe(200);
  const answer = await mad.request('/v1/sync/stream');
  expect(Number(answer.headers.get('retry-after'))).toBe(60);
  expect([answer.status, await answer.json()]).toEqual([
    429,
    { error: { code: 'sync.unreachable', params: {} } },
  ]);
  // Who it is, it may still prove.
  expect((await requestToken(url, await assertion(mad.keys, mad))).status).toBe(200);
  limited.clock.offsetMs += 60_000;
  expect(await ask()).toBe(200);
  await limited.dispose();
});

test('whoever is no kiosk is stopped per address, and no kiosk behind that address with him', async ({
  postgres,
}) => {
  const limited = await createWorld(postgres.url, undefined, { requests });
  const kiosk = await limited.makeKiosk(await limited.makeStore());
  const ask = async () => (await fetch(`${limited.backend.url}/v1/sync/store`)).status;
  const statuses = await eachOf(requests.perAddress + 10, ask);
  expect(statuses.at(0)).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  expect((await fetch(`${limited.backend.url}/v1/time?nonce=0123456789abcdef`)).status).toBe(429);
  expect((await kiosk.request('/v1/sync/store?after=0&limit=1')).status).toBe(200);
  await limited.dispose();
});

test('an address that comes from a proxy counts only where that proxy is trusted', async ({
  postgres,
  world,
}) => {
  const behind = await createWorld(postgres.url, undefined, { trustedProxies: ['127.0.0.0/8'] });
  const wrong = async (url: string, from: string): Promise<number> =>
    (
      await fetch(`${url}/v1/admin/trust`, {
        headers: { authorization: 'Bearer no', 'x-forwarded-for': from },
      })
    ).status;
  for (const { backend } of [world, behind]) await eachOf(30, () => wrong(backend.url, '192.0.2.1'));
  // Not trusted: whatever is claimed, it is this one address.
  expect(await wrong(world.backend.url, '192.0.2.2')).toBe(429);
  expect(await wrong(behind.backend.url, '192.0.2.1')).toBe(429);
  expect(await wrong(behind.backend.url, '192.0.2.2')).toBe(401);
  // Some proxies name the port as well, another one for each connection, and the one behind them is named so, too.
  expect(await wrong(behind.backend.url, '192.0.2.1:51234')).toBe(429);
  expect(await wrong(behind.backend.url, '192.0.2.1:51235, 127.0.0.9:4431')).toBe(429);
  expect(await wrong(behind.backend.url, '192.0.2.3:51234, 127.0.0.9:4431')).toBe(401);
  await behind.dispose();
});

test('the right operator token passes, whatever others type at the same address', async ({ world }) => {
  const tell = async (token: string): Promise<number> =>
    (await fetch(`${world.backend.url}/v1/admin/trust`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  const refused = await eachOf(40, () => tell('a wrong token'));
  expect(refused.at(-1)).toBe(429);
  expect(await tell(adminToken)).toBe(200);
});

test('who asks without end for the description of the API or for its health, at the same time, costs kiosks nothing', async ({
  world,
}) => {
  const storeId = await world.makeStore();
  const kiosk = await world.makeKiosk(storeId);
  const get = async (path: string): Promise<number> => {
    const response = await fetch(world.backend.url + path);
    await response.arrayBuffer();
    return response.status;
  };
  const documents = await Promise.all(Array.from({ length: 100 }, () => get('/v1/openapi.json')));
  expect([200, 429].map((status) => documents.filter((each) => each === status).length)).toEqual([60, 40]);
  await Promise.all(Array.from({ length: 100 }, () => get('/ready')));
  expect(await kiosk.pullAll('store')).toHaveLength(1);
  expect(await get('/live')).toBe(200);
  vi.setSystemTime(Date.now() + 61_000);
  expect(await get('/v1/openapi.json')).toBe(200);
});

test('health is asked for by an address no more often than is set, and by others as before', async ({
  postgres,
}) => {
  const few = await createWorld(postgres.url, undefined, {
    requests: { perAddress: 20, perKiosk: 6000 },
    trustedProxies: ['127.0.0.1'],
  });
  try {
    const live = async (address: string): Promise<number> =>
      (await fetch(`${few.backend.url}/live`, { headers: { 'x-forwarded-for': address } })).status;
    expect(new Set(await eachOf(20, () => live('192.0.2.1')))).toEqual(new Set([200]));
    expect(await live('192.0.2.1')).toBe(429);
    expect(await live('192.0.2.2')).toBe(200);
    // What kiosks of that address ask has a count of its own.
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${few.backend.url}/v1/time?nonce=${'n'.repeat(16)}`, { headers })).status).toBe(200);
  } finally {
    await few.dispose();
  }
});

test('a connection beyond the most that there may be is closed at once; those that there are go on', async ({
  postgres,
}) => {
  const most = 20;
  const small = await createWorld(postgres.url, undefined, { maxConnections: most });
  const { hostname, port } = new URL(small.backend.url);
  const open = async () => {
    const socket = connect({ host: hostname, port: Number(port) });
    // Closed before it has read what was written, a connection ends with an error.
    socket.on('error', () => undefined);
    const isLive = (): Promise<boolean> =>
      new Promise((resolve) => {
        if (socket.destroyed) resolve(false);
        socket.once('close', () => resolve(false));
        socket.once('data', (bytes) => resolve(bytes.toString().startsWith('HTTP/1.1 200')));
        socket.write('GET /live HTTP/1.1\r\nHost: backend\r\n\r\n');
      });
    return { socket, isLive, isTaken: await isLive() };
  };
  const opened = [];
  for (let count = 0; count < most + 5; count += 1) opened.push(await open());
  const taken = opened.filter(({ isTaken }) => isTaken);
  // The world's own calls hold some.
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.length).toBeLessThanOrEqual(most);
  expect(opened.slice(-5).map(({ isTaken }) => isTaken)).toEqual([false, false, false, false, false]);
  expect(await taken[0]?.isLive()).toBe(true);
  for (const { socket } of opened) socket.destroy();
  await vi.waitFor(async () => expect((await open()).isTaken).toBe(true), { timeout: 10_000 });
  await small.dispose();
});

test('pushes whose connection ends before it is known who sends them leave no place taken', async ({
  client,
  world,
  kiosk,
}) => {
  const { hostname, port } = new URL(world.backend.url);
  const head = [
    'POST /v1/sync/accessEvents HTTP/1.1',
    `Host: ${hostname}`,
    `Authorization: Bearer ${kiosk.token}`,
  ];
  const request = [...head, 'Content-Type: application/json', 'Content-Length: 1000', '', ''].join('\r\n');
  // Nobody can be looked up for as long as this holds the table.
  await client.query('BEGIN; LOCK TABLE kiosks IN ACCESS EXCLUSIVE MODE');
  const gone = Array.from({ length: 30 }, async () => {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(request);
    await pause(200);
    socket.destroy();
  });
  await Promise.all(gone);
  await pause(200);
  await client.query('COMMIT');
  expect(await kiosk.push('accessEvents', createJournal(kiosk.kioskId).next(1))).toMatchObject([
    { status: 'accepted' },
  ]);
});
