import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { importJWK, compactVerify } from 'jose';
import {
  errorAnswerSchema,
  registerAnswerSchema,
  signedTimeSchema,
  timeAnswerSchema,
} from '#shared/http/contract.ts';
import { assertion, makeKeys, post, register, requestToken, type TestKiosk } from './test-kiosk.ts';
import { adminToken } from './world.ts';
import { worldTest } from './world-test.ts';

const test = worldTest.extend('url', { scope: 'file' }, ({ world }) => world.backend.url);

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ url: _url }) => undefined);

const codeOf = async (response: Response): Promise<string> =>
  errorAnswerSchema.parse(await response.json()).error.code;

describe('a registration code', () => {
  test('gives a kiosk its identity, the root and the backend key', async ({ world, storeId, url }) => {
    const answer = await register(url, await world.makeCode(storeId), makeKeys());
    expect(answer.status).toBe(201);
    const identity = registerAnswerSchema.parse(await answer.json());
    expect(identity).toMatchObject({
      storeId,
      storeName: 'A store',
      owner: 'owner',
      vendorRoot: world.vendor.root,
    });
  });

  test('works once, even when it is used at the same time', async ({ world, storeId, url }) => {
    const code = await world.makeCode(storeId);
    const answers = await Promise.all([1, 2, 3, 4].map(() => register(url, code, makeKeys())));
    expect(answers.map((each) => each.status).sort()).toEqual([201, 403, 403, 403]);
  });

  test('gives the same kiosk the same answer again when the first was lost', async ({
    world,
    storeId,
    url,
  }) => {
    const [code, keys] = [await world.makeCode(storeId), makeKeys()];
    const first: unknown = await (await register(url, code, keys)).json();
    const second = await register(url, code, keys);
    expect(second.status).toBe(201);
    expect(await second.json()).toEqual(first);
  });

  test('is good for 24 hours, and then has lapsed', async ({ world, storeId, url }) => {
    const [used, lapsed] = [await world.makeCode(storeId), await world.makeCode(storeId)];
    world.clock.offsetMs = 24 * 3_600_000 - 60_000;
    const inTime = await register(url, used, makeKeys());
    world.clock.offsetMs = 24 * 3_600_000 + 1;
    const answer = await register(url, lapsed, makeKeys());
    world.clock.offsetMs = 0;
    expect(inTime.ok).toBe(true);
    expect(answer.status).toBe(403);
    expect(await codeOf(answer)).toBe('sync.registration_refused');
  });

  test('of a store that is not there is not made', async ({ world }) => {
    expect((await world.admin('POST', `/stores/${randomUUID()}/registration-codes`)).status).toBe(404);
  });

  test('with a key that is no point of the curve is refused', async ({ world, storeId, url }) => {
    const keys = makeKeys();
    const { sealingKey } = keys.registration;
    const broken = { ...keys.registration, sealingKey: { ...sealingKey, y: sealingKey.x } };
    const code = await world.makeCode(storeId);
    expect((await post(`${url}/v1/kiosks`, { code, name: 'Counter', ...broken })).status).toBe(403);
  });
});

describe('an assertion', () => {
  test('is good for one token', async ({ kiosk, url }) => {
    const once = await assertion(kiosk.keys, kiosk);
    const answers = await Promise.all([1, 2, 3].map(() => requestToken(url, once)));
    expect(answers.map((each) => each.status).sort()).toEqual([200, 401, 401]);
  });

  test('that no database can take is refused alone, whoever else comes in that moment', async ({
    world,
    storeId,
    url,
  }) => {
    const kiosks = await Promise.all([1, 2, 3, 4].map(() => world.makeKiosk(storeId)));
    const assertions = kiosks.map((each, at) =>
      assertion(each.keys, { kioskId: each.kioskId, ...(at === 2 ? { jti: 'a jti with \0 in it' } : {}) }),
    );
    const asked = (await Promise.all(assertions)).map((each) => requestToken(url, each));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 401, 200]);
  });

  test.for([
    ['of a kiosk that is not known', (kiosk: TestKiosk) => assertion(kiosk.keys, { kioskId: randomUUID() })],
    ['signed with another key', (kiosk: TestKiosk) => assertion(makeKeys(), kiosk)],
    ['for someone else', (kiosk: TestKiosk) => assertion(kiosk.keys, { ...kiosk, audience: 'elsewhere' })],
    ['that lasts too long', (kiosk: TestKiosk) => assertion(kiosk.keys, { ...kiosk, lifetimeSeconds: 3600 })],
    ['that has lapsed', (kiosk: TestKiosk) => assertion(kiosk.keys, { ...kiosk, lifetimeSeconds: -120 })],
    ['that is none', () => Promise.resolve('junk')],
    [
      'without a signature',
      async (kiosk: TestKiosk) => `${(await assertion(kiosk.keys, kiosk)).split('.').slice(0, 2).join('.')}.`,
    ],
  ] as const)('%s is refused', async ([_what, make], { kiosk, url }) => {
    const answer = await requestToken(url, await make(kiosk));
    expect(answer.status).toBe(401);
    expect(await codeOf(answer)).toBe('sync.refused');
  });
});

describe('without the right token', () => {
  test.for(['', 'Bearer ', 'Bearer junk', `Bearer ${adminToken}`, `Basic ${adminToken}`])(
    'a kiosk call with "%s" is refused',
    async (authorization, { url }) => {
      const answer = await fetch(`${url}/v1/sync/locks?after=0&limit=1`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    },
  );

  test('a token is good for a quarter of an hour, and is refused once it has lapsed', async ({
    world,
    storeId,
  }) => {
    const answers: number[] = [];
    const own = await world.makeKiosk(storeId);
    for (const offsetMs of [14 * 60_000, 15 * 60_000 + 1_000]) {
      world.clock.offsetMs = offsetMs;
      answers.push((await own.request('/v1/sync/locks?after=0&limit=1')).status);
    }
    world.clock.offsetMs = 0;
    expect(answers).toEqual([200, 401]);
  });

  test('an operator call is refused, with a kiosk token as well', async ({ storeId, kiosk, url }) => {
    for (const token of ['', 'junk', kiosk.token]) {
      const answer = await fetch(`${url}/v1/admin/stores/${storeId}/locks`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(401);
    }
  });
});

describe('a bad request', () => {
  test.for([
    ['/v1/sync/nothing?after=0&limit=1', 400],
    ['/v1/sync/locks?after=-1&limit=1', 400],
    ['/v1/sync/locks?after=0&limit=1001', 400],
    ['/v1/sync/accessEvents?after=0&limit=1', 400],
    ['/v1/nowhere', 404],
  ] as const)('%s answers %d with an error', async ([path, status], { kiosk }) => {
    const answer = await kiosk.request(path);
    expect(answer.status).toBe(status);
    expect(await codeOf(answer)).toBe('ipc.bad_request');
  });

  test('a body that is not JSON, or too large, is refused', async ({ url }) => {
    for (const body of ['{', JSON.stringify({ code: 'x'.repeat(100_000) })]) {
      const answer = await fetch(`${url}/v1/kiosks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect([400, 413]).toContain(answer.status);
      expect(await codeOf(answer)).toBe('ipc.bad_request');
    }
  });
});

test('time is signed with the nonce, for anyone', async ({ kiosk, url }) => {
  const nonce = randomUUID();
  const { time } = timeAnswerSchema.parse(await (await fetch(`${url}/v1/time?nonce=${nonce}`)).json());
  const { payload } = await compactVerify(time, await importJWK(kiosk.backendKey, 'ES256'));
  const signed = signedTimeSchema.parse(JSON.parse(Buffer.from(payload).toString()));
  expect(signed.nonce).toBe(nonce);
  expect(Math.abs(signed.now - Date.now())).toBeLessThan(5_000);
});

test('a revoked kiosk is told so everywhere at once, on every instance, and its stream ends', async ({
  world,
  storeId,
  kiosk,
  url,
}) => {
  const second = await world.startInstance();
  const doomed = await world.makeKiosk(storeId);
  const elsewhere = doomed.at(second.url);
  expect((await elsewhere.request('/v1/sync/locks?after=0&limit=1')).status).toBe(200);
  const stream = await elsewhere.request('/v1/sync/stream');

  expect((await world.admin('POST', `/kiosks/${doomed.kioskId}/revoke`)).status).toBe(204);
  await stream.text(); // Resolves because the stream has ended.
  for (const each of [doomed, elsewhere]) {
    const answer = await each.request('/v1/sync/locks?after=0&limit=1');
    expect(answer.status).toBe(403);
    expect(await codeOf(answer)).toBe('sync.revoked');
  }
  const token = await requestToken(url, await assertion(doomed.keys, doomed));
  expect(token.status).toBe(403);
  expect(await codeOf(token)).toBe('sync.revoked');
  expect((await kiosk.request('/v1/sync/locks?after=0&limit=1')).status).toBe(200);
});

test('the API describes itself', async ({ url }) => {
  const document: unknown = await (await fetch(`${url}/v1/openapi.json`)).json();
  expect(document).toMatchObject({
    openapi: '3.1.0',
    paths: { '/v1/sync/{collection}': { get: {}, post: {} } },
  });
  expect((await fetch(`${url}/v1/health`)).status).toBe(200);
});
