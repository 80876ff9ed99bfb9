/** PIN verifiers on their way to a kiosk: sealed to it where it asks for that, and for no one else. */
import { randomUUID } from 'node:crypto';
import { compactDecrypt } from 'jose';
import { expect } from 'vitest';
import { makeKeys } from './test-kiosk.ts';
import { storeTest as test } from './store-test.ts';

test('a kiosk that asks gets them sealed to itself, with whose they are; one of a release before gets them as ever', async ({
  world,
  storeId,
  kiosk,
}) => {
  const staffId = randomUUID();
  const path = `/stores/${storeId}/staff/${staffId}`;
  expect((await world.admin('PUT', path, { name: 'Ada', pin: '582047' })).status).toBe(204);
  expect(await kiosk.pull('store')).toMatchObject({ sealsPins: true });
  const [plain] = (await kiosk.pull('staff')).documents;
  expect(plain).toMatchObject({ staffId, pin: { n: 2 ** 17 } });
  expect(plain).not.toHaveProperty('sealedPin');

  const ask = '/v1/sync/staff?after=0&limit=10&sealedPins=yes';
  const text = await (await kiosk.request(ask)).text();
  for (const of of ['salt', 'hash']) expect(text).not.toContain(of);
  const { documents } = JSON.parse(text) as { documents: { sealedPin: string; name: string }[] };
  const { sealedPin = '' } = documents[0] ?? {};
  const { plaintext } = await compactDecrypt(sealedPin, kiosk.keys.sealing);
  expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual({ staffId, pin: plain?.['pin'] });
  await expect(compactDecrypt(sealedPin, makeKeys().sealing)).rejects.toThrow();

  expect((await world.admin('DELETE', path)).status).toBe(204);
  const gone = (await (await kiosk.request(ask)).json()) as { documents: object[] };
  expect(gone.documents).toEqual([{ staffId, deleted: true, version: expect.any(Number) as number }]);
  expect((await kiosk.request('/v1/sync/staff?after=0&limit=10&sealedPins=no')).ok).toBe(false);
});
