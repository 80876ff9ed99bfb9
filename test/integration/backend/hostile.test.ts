/** What the backend has to stand: callers without rights, kiosks that went mad, rows made to break it. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeKeys, post, register, someSerial, type TestKiosk } from './test-kiosk.ts';
import { adminToken, createWorld, eventually, openPostgres, type World } from './world.ts';

let postgres: Awaited<ReturnType<typeof openPostgres>>;
let world: World;
let storeId: string;
let kiosk: TestKiosk;
beforeAll(async () => {
  postgres = await openPostgres();
  world = await createWorld(postgres.url);
  storeId = await world.makeStore();
  kiosk = await world.makeKiosk(storeId);
});
afterAll(async () => {
  await world.dispose();
  await postgres.dispose();
});

/** Sends the head of a request that announces a large body, none of the body, and answers with the status line. */
const announce = (path: string, token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.backend.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('error', reject);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: backend\r\nContent-Type: application/json\r\n` +
        `Content-Length: 12000000\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
  });

test('a large body is not even read from whoever is no kiosk', async () => {
  expect(await announce('/v1/sync/enrolments', 'junk')).toContain(' 401 ');
  const doomed = await world.makeKiosk(storeId);
  await world.admin('POST', `/kiosks/${doomed.kioskId}/revoke`);
  expect(await announce('/v1/sync/accessEvents', doomed.token)).toContain(' 403 ');
});

test('bodies beyond their limit are refused, for kiosks and operators too', async () => {
  const big = 'x'.repeat(13 * 1024 * 1024);
  expect(
    (await post(`${kioskUrl()}/v1/sync/enrolments`, { rows: [{ big }] }, bearer(kiosk.token))).status,
  ).toBe(413);
  const text = 'x'.repeat(70_000);
  const admin = { authorization: `Bearer ${adminToken}` };
  const answer = await post(`${kioskUrl()}/v1/admin/stores/${storeId}/locks`, { text }, admin);
  expect(answer.status).toBe(413);
});
const kioskUrl = (): string => world.backend.url;
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

test('a row with characters that no database takes is invalid, and costs no other row', async () => {
  const good = kiosk.capture(someSerial());
  const bad = [
    { ...kiosk.capture(someSerial()), type: 'CA\u0000M' },
    { ...kiosk.capture(someSerial()), group: 'a\u0000b' },
    { ...kiosk.capture(someSerial()), name: '\u0007' },
    { ...kiosk.capture(someSerial()), ['__proto__x']: 1 },
  ];
  const results = await kiosk.push('enrolments', [...bad, good]);
  expect(results.map(({ status }) => status)).toEqual([
    'invalid',
    'invalid',
    'invalid',
    'invalid',
    'accepted',
  ]);
});

test('a body that reaches for prototypes is refused', async () => {
  const answer = await fetch(`${kioskUrl()}/v1/kiosks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
  });
  expect(answer.status).toBe(400);
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
});

test('a kiosk that opens streams without end has two of them, and the others go on being told', async () => {
  const mad = await world.makeKiosk(storeId);
  const quiet = await kiosk.request('/v1/sync/stream');
  const streams: Response[] = [];
  for (let count = 0; count < 12; count += 1) streams.push(await mad.request('/v1/sync/stream'));
  // Each resolves because its stream has ended.
  for (const stream of streams.slice(0, 10)) await stream.text();
  const reader = quiet.body!.getReader();
  await kiosk.pushOne(kiosk.capture(someSerial()));
  let heard = '';
  await eventually(async () => {
    heard += Buffer.from((await reader.read()).value ?? []).toString();
    expect(heard).toContain('event: resync');
  });
  await reader.cancel();
  for (const stream of streams.slice(10)) await stream.body?.cancel();
});

test('a kiosk of one store reads and changes nothing of another', async () => {
  const other = await world.makeKiosk(await world.makeStore());
  const mine = kiosk.capture(someSerial());
  await kiosk.pushOne(mine);
  await eventually(async () => {
    const held = (await kiosk.pullAll('enrolments')).find(
      ({ enrolmentId }) => enrolmentId === mine.enrolmentId,
    );
    expect(held).toMatchObject({ state: 'registered' });
  });
  for (const collection of ['locks', 'keyCertificates', 'enrolments', 'staff'] as const) {
    expect(await other.pullAll(collection)).toEqual([]);
  }
  const taken = { ...mine, state: 'provisioned', operationId: randomUUID() };
  expect(await other.pushOne(taken)).toMatchObject({ status: 'invalid' });
  const posing = { ...other.capture(someSerial()), kioskId: kiosk.kioskId };
  expect(await other.pushOne(posing)).toMatchObject({ status: 'invalid' });
});

test('guessing codes is slowed for the guesser, and a used or foreign code tells nothing', async () => {
  const fresh = await createWorld(postgres.url);
  const code = await world.makeCode(storeId);
  const answers = [];
  for (const guess of [code, 'AAAA-BBBB-CCCC-DDDD']) {
    const answer = await register(fresh.backend.url, guess, makeKeys());
    answers.push([answer.status, await answer.text()]);
  }
  // A code of another tenant looks exactly like one that does not exist.
  expect(answers[0]).toEqual(answers[1]);
  await fresh.dispose();
});

test.each([
  ['GET', '/v1/admin/stores/../../health'],
  ['GET', '/v1/admin%2fstores'],
  ['GET', '/v1/sync/..%2f..%2fadmin'],
  ['TRACE', '/v1/health'],
  ['OPTIONS', '/v1/admin/stores'],
])('%s %s opens nothing', async (method, path) => {
  const { hostname, port } = new URL(world.backend.url);
  const status = await new Promise<string>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: backend\r\nConnection: close\r\n\r\n`);
  });
  expect(status).toMatch(/ 40[0145] /);
});
