/** A UUID may be written in capitals: it stands for the same kiosk and the same store. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { tokenAnswerSchema } from '#shared/http/contract.ts';
import { assertion, post, requestToken } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const test = storeTest.extend('scene', ({ world, kiosk }) => {
  const tokenAs = async (kioskId: string): Promise<string> => {
    const answer = await requestToken(world.backend.url, await assertion(kiosk.keys, { kioskId }));
    return tokenAnswerSchema.parse(await answer.json()).access_token;
  };
  const pull = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${world.backend.url}/v1/sync/locks?after=0&limit=1`, { headers })).status;
  };
  return { tokenAs, pull };
});

test('revoked by an operator who writes them, or with a token that was asked for with them: at once', async ({
  world,
  kiosk,
  scene: { tokenAs, pull },
}) => {
  const token = await tokenAs(kiosk.kioskId.toUpperCase());
  expect(await pull(token)).toBe(200);
  expect((await kiosk.request('/v1/sync/locks?after=0&limit=1')).status).toBe(200);
  expect((await world.admin('POST', `/kiosks/${kiosk.kioskId.toUpperCase()}/revoke`)).status).toBe(204);
  await eventually(async () => expect(await pull(token)).toBe(403));
  await eventually(async () =>
    expect((await kiosk.request('/v1/sync/locks?after=0&limit=1')).status).toBe(403),
  );
});

test('a kiosk has one allowance however it writes its id', async ({ world, kiosk, scene: { tokenAs } }) => {
  const challenge = Buffer.alloc(33).toString('base64');
  let given = 0;
  for (const kioskId of [kiosk.kioskId, kiosk.kioskId.toUpperCase()]) {
    const headers = { authorization: `Bearer ${await tokenAs(kioskId)}` };
    for (let count = 0; count < 61; count += 1) {
      const { status } = await post(`${world.backend.url}/v1/time-tokens`, { challenge }, headers);
      if (status === 200) given += 1;
    }
  }
  expect(given).toBe(60);
});

test('a change that an operator makes by an address in capitals wakes the kiosks of the store', async ({
  world,
  storeId,
  kiosk,
}) => {
  const response = await kiosk.request('/v1/sync/stream');
  let heard = '';
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no stream');
  const listening = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard += Buffer.from(part.value).toString();
    }
  })();
  await eventually(() => expect(heard).not.toBe(''));
  const person = { name: 'A', pin: '582047' };
  await world.admin('PUT', `/stores/${storeId.toUpperCase()}/staff/${randomUUID()}`, person);
  await eventually(() => expect(heard).toContain('resync'));
  await reader.cancel();
  await listening;
});
