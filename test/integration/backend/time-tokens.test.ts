/** Time tokens for locks, handed on from the vendor to kiosks. */
import { afterEach, expect, vi } from 'vitest';
import { routes } from '#shared/http/routes.ts';
import { post } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';

const challenge = Buffer.alloc(32, 3).toString('base64');

const test = storeTest.extend(
  'ask',
  ({ kiosk }) =>
    (body: object, by = kiosk): Promise<Response> =>
      by.request(routes.timeTokens.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
);
afterEach(() => {
  vi.useRealTimers();
});

test('a kiosk gets the vendor’s token', async ({ ask }) => {
  const answer = await ask({ challenge });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ token: Buffer.from('a token').toString('base64') });
});

test('a kiosk is told when the vendor gives none', async ({ world, ask }) => {
  world.vendor.tellsTime = false;
  const answer = await ask({ challenge });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ error: { code: 'sync.unreachable', params: {} } });
});

test('a kiosk that asks without end is stopped, others are not, and a minute later it may again', async ({
  world,
  ask,
}) => {
  const other = await world.makeKiosk(await world.makeStore());
  // The minute passes when the test says so, however long the requests take.
  vi.useFakeTimers({ toFake: ['Date'] });
  for (let count = 0; count < 60; count += 1) expect((await ask({ challenge })).status).toBe(200);
  const stopped = await ask({ challenge });
  expect(stopped.status).toBe(429);
  expect(await stopped.json()).toEqual({ error: { code: 'sync.unreachable', params: {} } });
  expect((await ask({ challenge }, other)).status).toBe(200);
  world.clock.offsetMs += 60_000;
  expect((await ask({ challenge })).status).toBe(200);
});

test('a challenge is 32 bytes, and whoever asks is a kiosk', async ({ world, ask }) => {
  expect((await ask({ challenge: 'AAAA' })).status).toBe(400);
  expect((await ask({})).status).toBe(400);
  expect((await post(world.backend.url + routes.timeTokens.path, { challenge })).status).toBe(401);
});
