/** What the page speaks in a store and with a person: set by operators, told to kiosks. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { storeTest } from './store-test.ts';
import { policy } from './world.ts';

const test = storeTest.extend('scene', ({ world, kiosk }) => {
  const put = async (path: string, body: object): Promise<number> =>
    (await world.admin('PUT', path, body)).status;
  const pulled = async (collection: 'store' | 'staff') => (await kiosk.pullAll(collection)).at(-1);
  return { put, pulled };
});

test('a store’s language reaches its kiosks and the list, stays where it is left out, and goes with null', async ({
  world,
  storeId,
  scene: { put, pulled },
}) => {
  const path = `/stores/${storeId}`;
  const store = { name: 'Northgate', policy };
  const listed = async (): Promise<unknown> => (await world.admin('GET', '/stores')).body;
  expect(await put(path, store)).toBe(204);
  expect(await pulled('store')).not.toHaveProperty('language');
  for (const [body, language] of [
    [{ ...store, language: 'fr' }, 'fr'],
    [store, 'fr'],
    [{ ...store, name: 'Southgate' }, 'fr'],
    [{ ...store, language: 'es' }, 'es'],
  ] as const) {
    expect(await put(path, body)).toBe(204);
    expect(await pulled('store')).toMatchObject({ name: body.name, language });
    expect(await listed()).toMatchObject({ stores: [{ storeId, language }] });
  }
  const { version } = (await pulled('store')) ?? {};
  expect(await put(path, { ...store, language: 'es' })).toBe(204);
  expect((await pulled('store'))?.version).toBe(version);
  expect(await put(path, { ...store, language: null })).toBe(204);
  expect(await pulled('store')).not.toHaveProperty('language');
  expect(JSON.stringify(await listed())).not.toContain('language');
});

test('so does a person’s, whose PIN stays theirs; one that comes back has none', async ({
  world,
  storeId,
  scene: { put, pulled },
}) => {
  const staffId = randomUUID();
  const path = `/stores/${storeId}/staff/${staffId}`;
  const listed = async (): Promise<unknown> => (await world.admin('GET', `/stores/${storeId}/staff`)).body;
  expect(await put(path, { name: 'Ada', pin: '582047', language: 'de' })).toBe(204);
  const pin = (await pulled('staff'))?.['pin'];
  expect(await pulled('staff')).toMatchObject({ language: 'de' });
  expect(await listed()).toMatchObject({ staff: [{ staffId, name: 'Ada', language: 'de' }] });
  expect(await put(path, { name: 'Ada B.' })).toBe(204);
  expect(await pulled('staff')).toMatchObject({ name: 'Ada B.', language: 'de', pin });
  expect(await put(path, { name: 'Ada B.', language: 'fr' })).toBe(204);
  expect(await pulled('staff')).toMatchObject({ language: 'fr', pin });
  expect((await world.admin('DELETE', path)).status).toBe(204);
  expect(await pulled('staff')).toEqual({ staffId, version: expect.any(Number) as number, deleted: true });
  expect(await put(path, { name: 'Ada', pin: '582047' })).toBe(204);
  expect(await pulled('staff')).not.toHaveProperty('language');
});

test.for([
  ['of a store', (storeId: string) => `/stores/${storeId}`, () => ({ name: 'Northgate', policy })],
  [
    'of a person',
    (storeId: string) => `/stores/${storeId}/staff/${randomUUID()}`,
    () => ({ name: 'Ada', pin: '582047' }),
  ],
] as const)(
  'one that the page does not speak is refused, %s',
  async ([_of, path, body], { world, storeId }) => {
    const answer = await world.admin('PUT', path(storeId), { ...body(), language: 'nl' });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'operator.bad_value', params: { path: 'language' } } },
    });
  },
);
