/** What an operator's tools get from the backend besides what they asked for. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect } from 'vitest';
import { createBackend } from '#backend/backend.ts';
import { routes } from '#shared/http/routes.ts';
import { adminToken, createWorld, policy, type AdminAnswer } from './world.ts';
import { worldTest } from './world-test.ts';

const newToken = 'a new admin token for tests';

const test = worldTest
  /** What comes back for these bytes until the backend closes. */
  .extend(
    'raw',
    ({ world }) =>
      (bytes: string | Buffer, port = world.backend.port): Promise<string> =>
        new Promise((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
          let answer = '';
          socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
          // Closed before all of it was read, a connection ends with an error.
          socket.on('close', () => resolve(answer)).on('error', () => undefined);
        }),
  );

const refusal = { error: { code: 'ipc.bad_request', params: {} } };

test.for([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  [
    'length beside chunks',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
  ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  [
    'an address that cannot be decoded',
    'GET /v1/sync/%ZZ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    400,
  ],
] as const)('%s is refused in the shape of every failure', async ([_name, bytes, status], { raw }) => {
  const [head = '', body = ''] = (await raw(bytes)).split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(body)).toEqual(refusal);
});

test('HEAD runs nothing, except for those who only ask whether the backend is there', async ({ world }) => {
  const head = (path: string): Promise<Response> =>
    fetch(`${world.backend.url}${path}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${adminToken}` },
    });
  for (const path of [routes.health.path, routes.live.path, routes.ready.path]) {
    const answer = await head(path);
    expect([path, answer.status, await answer.text()]).toEqual([path, 200, '']);
  }
  for (const path of [routes.stream.path, '/v1/openapi.json', '/v1/admin/trust']) {
    expect([path, (await head(path)).status]).toEqual([path, 404]);
  }
});

test('the token is changed without an hour in which none holds', async ({ postgres }) => {
  const both = await createWorld(postgres.url, undefined, { adminTokenPrevious: newToken });
  const tell = async (token: string): Promise<number> =>
    (await fetch(`${both.backend.url}/v1/admin/trust`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  expect(await tell(adminToken)).toBe(200);
  expect(await tell(newToken)).toBe(200);
  expect(await tell('neither of the two, but long')).toBe(401);
  await both.dispose();
});

test.for(['latin1', 'utf8'] as const)(
  'a token with an umlaut opens, sent in %s',
  async (encoding, { world, raw }) => {
    const other = await createBackend(
      { ...world.config, adminToken: 'ein schönes, langes Token' },
      world.ports,
    );
    const request = 'GET /v1/admin/trust HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ';
    const head = Buffer.concat([
      Buffer.from(request),
      Buffer.from('ein schönes, langes Token', encoding),
      Buffer.from('\r\n\r\n'),
    ]);
    try {
      expect(await raw(head, other.port)).toMatch(/^HTTP\/1\.1 200 /);
    } finally {
      await other.dispose();
    }
  },
);

test('stores and their people are listed, without a PIN; a person is renamed without a new one', async ({
  world,
}) => {
  const storeId = await world.makeStore();
  const [ann, bob] = [randomUUID(), randomUUID()];
  const staff = `/stores/${storeId}/staff`;
  const put = async (who: string, body: object): Promise<number> =>
    (await world.admin('PUT', `${staff}/${who}`, body)).status;
  // Nobody is there whose PIN could be kept.
  expect(await put(ann, { name: 'Ann' })).toBe(404);
  expect(await put(ann, { name: 'Ann Ames', pin: '582047' })).toBe(204);
  expect(await put(bob, { name: 'Bob', pin: '914603' })).toBe(204);
  const { body: listed } = await world.admin('GET', '/stores');
  expect(listed).toMatchObject({
    stores: expect.arrayContaining([
      { storeId, name: expect.any(String) as string, policy: { ...policy, shortestPin: 6 } },
    ]) as unknown,
  });

  const kiosk = await world.makeKiosk(storeId);
  const pinOf = async (who: string): Promise<unknown> =>
    (await kiosk.pullAll('staff')).find(({ staffId }) => staffId === who)?.['pin'];
  const before = await pinOf(ann);
  expect(await put(ann, { name: 'Ann Abel' })).toBe(204);
  expect((await world.admin('DELETE', `${staff}/${bob}`)).status).toBe(204);
  expect(await put(bob, { name: 'Bob' })).toBe(404);
  expect((await world.admin('GET', staff)).body).toEqual({ staff: [{ staffId: ann, name: 'Ann Abel' }] });
  expect([await pinOf(ann), before]).toEqual([before, expect.objectContaining({ n: 2 ** 17 })]);
});

test('a PIN that is guessed first is refused where it is set, in words, and changes nothing', async ({
  world,
}) => {
  const storeId = await world.makeStore();
  const path = `/stores/${storeId}/staff/${randomUUID()}`;
  const put = async (pin: string): Promise<unknown> => {
    const answer = await world.admin('PUT', path, { name: 'Ann', pin });
    return answer.status === 204 ? 204 : [answer.status, answer.body];
  };
  const refused = (problem: string, shortest = 6): unknown => [
    422,
    { error: { code: 'staff.weak_pin', params: { problem, shortest } } },
  ];
  expect(await put('4711')).toEqual(refused('shorter than 6 digits'));
  expect(await put('654321')).toEqual(refused('a run of digits'));
  expect(await put('241284')).toEqual(refused('a date or a year'));
  expect((await world.admin('DELETE', path)).status).toBe(404);
  expect(await put('582047')).toBe(204);
  // A store may want more, or take fewer; who has a PIN from before keeps it.
  const want = (shortestPin: number): Promise<AdminAnswer> =>
    world.admin('PUT', `/stores/${storeId}`, { name: 'A store', policy: { ...policy, shortestPin } });
  expect((await want(8)).status).toBe(204);
  expect(await put('582047')).toBe(204);
  expect(await put('582048')).toEqual(refused('shorter than 8 digits', 8));
  expect((await want(4)).status).toBe(204);
  expect(await put('5820')).toBe(204);
  expect(await put('2468')).toEqual(refused('a run of digits', 4));
  expect((await want(3)).status).toBe(400);
});
