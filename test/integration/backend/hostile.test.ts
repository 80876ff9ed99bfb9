/** What the backend has to stand: callers without rights, kiosks that went mad, rows made to break it. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, expect, vi } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { accessEvent, hashed } from '#support/documents.ts';
import { makeKeys, post, register, someSerial, type TestKiosk } from './test-kiosk.ts';
import { adminToken, createWorld, eventually } from './world.ts';
import { worldTest } from './world-test.ts';

afterEach(() => void vi.useRealTimers());

const test = worldTest
  /** Sends the head of a request that announces a large body, none of the body, and answers with the status line. */
  .extend(
    'announce',
    ({ world }) =>
      (path: string, token: string) =>
        new Promise<string>((resolve, reject) => {
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
        }),
  );

test('a large body is not even read from whoever is no kiosk', async ({ world, storeId, announce }) => {
  expect(await announce('/v1/sync/enrolments', 'junk')).toContain(' 401 ');
  const doomed = await world.makeKiosk(storeId);
  await world.admin('POST', `/kiosks/${doomed.kioskId}/revoke`);
  expect(await announce('/v1/sync/accessEvents', doomed.token)).toContain(' 403 ');
});

test('bodies beyond their limit are refused, for kiosks and operators too', async ({
  world,
  storeId,
  kiosk,
}) => {
  const big = 'x'.repeat(13 * 1024 * 1024);
  expect(
    (await post(`${world.backend.url}/v1/sync/enrolments`, { rows: [{ big }] }, bearer(kiosk.token))).status,
  ).toBe(413);
  const text = 'x'.repeat(70_000);
  const admin = { authorization: `Bearer ${adminToken}` };
  const answer = await post(`${world.backend.url}/v1/admin/stores/${storeId}/locks`, { text }, admin);
  expect(answer.status).toBe(413);
});
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

test('a row with characters that no database takes is invalid, and costs no other row', async ({ kiosk }) => {
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

test('a body that reaches for prototypes is refused', async ({ world }) => {
  const answer = await fetch(`${world.backend.url}/v1/kiosks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
  });
  expect(answer.status).toBe(400);
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
});

test('a kiosk that opens streams without end has two of them, and the others go on being told', async ({
  world,
  storeId,
  kiosk,
}) => {
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

test('a kiosk of one store reads and changes nothing of another', async ({ world, kiosk }) => {
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

test('guessing codes is slowed for the guesser, and a used or foreign code tells nothing', async ({
  postgres,
  world,
  storeId,
}) => {
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

test.for([
  ['GET', '/v1/admin/stores/../../health'],
  ['GET', '/v1/admin%2fstores'],
  ['GET', '/v1/sync/..%2f..%2fadmin'],
  ['TRACE', '/v1/health'],
  ['OPTIONS', '/v1/admin/stores'],
] as const)('%s %s opens nothing', async ([method, path], { world }) => {
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

const eventOf = ({ kioskId }: TestKiosk, part: Partial<AccessEvent> = {}): AccessEvent =>
  hashed(
    accessEvent({ kioskId, at: Date.now(), staffId: randomUUID(), serialNumber: someSerial(), ...part }),
  );

test('an event under the id of another kiosk’s is invalid, tells nothing of that one and changes nothing of it', async ({
  world,
  storeId,
}) => {
  const [mine, theirs] = [await world.makeKiosk(storeId), await world.makeKiosk(storeId)];
  const secret = eventOf(mine);
  await mine.push('accessEvents', [secret]);
  const good = eventOf(theirs);
  for (const eventId of [secret.eventId, secret.eventId.toUpperCase()]) {
    const [posed, own] = await theirs.push('accessEvents', [eventOf(theirs, { eventId }), good]);
    expect([posed?.status, own?.status]).toEqual(['invalid', 'accepted']);
    expect(JSON.stringify(posed)).not.toContain(secret.serialNumber);
  }
  expect(await mine.push('accessEvents', [secret])).toEqual([{ status: 'accepted', master: secret }]);
});

test('one id twice, in capitals too, is one event: who sent it is told which', async ({ world, storeId }) => {
  const mad = await world.makeKiosk(storeId);
  const first = eventOf(mad);
  const other = eventOf(mad, { eventId: first.eventId, sequence: 2, previousHash: first.hash });
  const both = await mad.push('accessEvents', [first, other]);
  expect(both.map(({ status }) => status).sort()).toEqual(['accepted', 'conflict']);
  const capitals = eventOf(mad, { eventId: first.eventId.toUpperCase(), sequence: 3 });
  expect(
    (await mad.push('accessEvents', [capitals, eventOf(mad, { sequence: 4 })])).map((each) => each.status),
  ).toEqual(['conflict', 'accepted']);
});

test('times and numbers at the ends of what can be said are kept, and the operator can read them', async ({
  world,
}) => {
  const ownStore = await world.makeStore();
  const mad = await world.makeKiosk(ownStore);
  const [last, most] = [8_640_000_000_000_000, Number.MAX_SAFE_INTEGER];
  const clock = (machine: number, uptimeMs: number) => ({ run: randomUUID(), machine, uptimeMs });
  const correction = { afterSequence: 0, checkedAt: 0, byMs: -most };
  const forged = [
    eventOf(mad, { at: last, clock: clock(last, most) }),
    eventOf(mad, { at: 0, sequence: most, clock: clock(0, 0), stageMs: { find: most } }),
    eventOf(mad, {
      kind: 'clock_corrected',
      sequence: most - 1,
      at: last,
      clock: clock(0, most),
      correction,
    }),
    eventOf(mad, { kind: 'clock_corrected', sequence: 2, at: 0, clock: clock(last, 0), correction }),
  ];
  expect((await mad.push('accessEvents', forged)).map(({ status }) => status)).toEqual(
    forged.map(() => 'accepted'),
  );
  expect(await world.admin('GET', `/stores/${ownStore}/events?limit=10`)).toMatchObject({ status: 200 });
  expect(await world.admin('GET', `/stores/${ownStore}/kiosks`)).toMatchObject({ status: 200 });
});

test('a body that is nested without end is answered, and so is what comes after it', async ({ kiosk }) => {
  const depth = 2_000_000;
  for (const body of [
    `{"rows":[{"a":${'['.repeat(depth)}${']'.repeat(depth)}}]}`,
    `{"rows":${'['.repeat(depth)}`,
  ]) {
    const answer = await kiosk.request('/v1/sync/accessEvents', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([200, 400]).toContain(answer.status);
  }
  expect((await kiosk.pull('store')).documents).toHaveLength(1);
});

test('a kiosk that captures without end is slowed before others wait for it, and its events still arrive', async ({
  world,
  storeId,
  kiosk,
}) => {
  const mad = await world.makeKiosk(storeId);
  const rows = Array.from({ length: 300 }, (_, at) => ({ nonsense: at }));
  const push = async () => {
    const body = JSON.stringify({ rows });
    const headers = { 'content-type': 'application/json' };
    return (await mad.request('/v1/sync/enrolments', { method: 'POST', headers, body })).status;
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  expect([await push(), await push(), await push()]).toEqual([200, 200, 429]);
  expect(await kiosk.pushOne(kiosk.capture(someSerial()))).toMatchObject({ status: 'accepted' });
  expect(await mad.push('accessEvents', [eventOf(mad)])).toMatchObject([{ status: 'accepted' }]);
  world.clock.offsetMs += 60_000;
  expect(await push()).toBe(200);
  world.clock.offsetMs -= 60_000;
});

test('a kiosk that pushes without waiting for answers is put off, and no other waits for a connection', async ({
  world,
  storeId,
  kiosk,
}) => {
  const mad = await world.makeKiosk(storeId);
  const body = JSON.stringify({ rows: Array.from({ length: 200 }, () => eventOf(mad)) });
  const headers = { 'content-type': 'application/json' };
  const flood = Array.from({ length: 60 }, async () => {
    const answer = await mad.request('/v1/sync/accessEvents', { method: 'POST', headers, body });
    return [answer.status, answer.headers.get('retry-after')];
  });
  expect((await kiosk.pull('store')).documents).toHaveLength(1);
  const answers = await Promise.all(flood);
  expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200, 429]));
  expect(answers.filter(([status]) => status === 429).every(([, after]) => after === '1')).toBe(true);
  // What was put off finds its place later.
  expect((await mad.request('/v1/sync/accessEvents', { method: 'POST', headers, body })).status).toBe(200);
});
