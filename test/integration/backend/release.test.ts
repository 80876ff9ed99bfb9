/** A lock that is given back: ordered by an operator, done by a kiosk, forgotten by the backend. */
import { describe, expect } from 'vitest';
import { trustSchema } from '#shared/models/documents.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';
import { eventually } from './world.ts';

const test = lockTest.extend('scene', ({ world, storeId, serialNumber }) => {
  const path = (serial = serialNumber, store = storeId): string => `/stores/${store}/locks/${serial}/release`;
  const order = async () => (await world.admin('POST', path())).status;
  return { order, path };
});
const tokenOf = (serial: string): string => Buffer.from(`release of ${serial}`).toString('base64');

const orders = async (of: TestKiosk) =>
  (await of.pullAll('trust')).flatMap(({ deleted, ...document }) => {
    const parsed = deleted ? null : trustSchema.parse(document);
    return parsed?.kind === 'release_order' ? [parsed] : [];
  });
const living = async (of: TestKiosk, collection: 'locks' | 'keyCertificates') =>
  (await of.pullAll(collection)).filter(({ deleted }) => !deleted);
const orderIdOf = async (of: TestKiosk): Promise<string> => (await orders(of))[0]!.trustId;
/** The kiosk's journal, as far as it says that locks were given back; kiosks of older releases name no order. */
const tellReleased = (from: TestKiosk, ...serials: readonly string[]): Promise<void> =>
  tell(
    from,
    serials.map((serial) => [serial]),
  );

const tell = async (
  from: TestKiosk,
  released: readonly (readonly [serial: string, orderId?: string])[],
): Promise<void> => {
  const journal = createJournalWriter(from);
  const events = released.map(([serial, orderId]) => journal.released(serial, orderId));
  expect((await from.push('accessEvents', events)).map(({ status }) => status)).toEqual(
    released.map(() => 'accepted'),
  );
};

describe('an order to give a lock back', () => {
  test('reaches the kiosks of its store with the token, and no other store', async ({
    world,
    storeId,
    kiosk,
    serialNumber,
    scene: { order },
  }) => {
    const stranger = await world.makeKiosk(await world.makeStore());
    expect(await order()).toBe(202);
    expect(await orders(kiosk)).toMatchObject([
      { serialNumber, token: tokenOf(serialNumber), owner: 'owner' },
    ]);
    expect(await orders(await world.makeKiosk(storeId))).toHaveLength(1);
    expect(await orders(stranger)).toEqual([]);
    expect((await world.admin('GET', `/stores/${storeId}/locks`)).body).toMatchObject({
      locks: [{ serialNumber, hasKey: true, toBeReleased: true }],
    });
    expect(world.log.join()).not.toContain(tokenOf(serialNumber));
  });

  test('is one order when it is repeated', async ({ kiosk, scene: { order } }) => {
    await order();
    const [first] = await orders(kiosk);
    expect(await order()).toBe(202);
    expect(await orders(kiosk)).toEqual([first]);
  });

  test('is one order when several ask for it at once', async ({ kiosk, scene: { order } }) => {
    expect(await Promise.all([order(), order(), order(), order()])).toEqual([202, 202, 202, 202]);
    expect(await orders(kiosk)).toHaveLength(1);
  });

  test('can be taken back, and given again', async ({ world, kiosk, scene: { order, path } }) => {
    await order();
    expect((await world.admin('DELETE', path())).status).toBe(204);
    expect(await orders(kiosk)).toEqual([]);
    expect((await world.admin('DELETE', path())).status).toBe(404);
    expect(await order()).toBe(202);
    expect(await orders(kiosk)).toHaveLength(1);
  });

  test('is none where the vendor does not sign, or the store has no such lock', async ({
    world,
    kiosk,
    serialNumber,
    scene: { path },
  }) => {
    world.vendor.release = 'down';
    expect(await world.admin('POST', path())).toMatchObject({
      status: 503,
      body: { error: { code: 'sync.unreachable' } },
    });
    world.vendor.release = 'refuse';
    expect(await world.admin('POST', path())).toMatchObject({
      status: 409,
      body: { error: { code: 'enrolment.vendor_refused', params: { reason: 'unknown_serial' } } },
    });
    const other = await world.makeStore();
    expect((await world.admin('POST', path(serialNumber, other))).status).toBe(404);
    expect((await world.admin('POST', path(someSerial()))).status).toBe(404);
    expect(await orders(kiosk)).toEqual([]);
  });
});

describe('a lock that was given back', () => {
  test('is forgotten with its key, and its serial number is free for another store', async ({
    world,
    kiosk,
    serialNumber,
    scene: { order, path },
  }) => {
    await order();
    await tellReleased(kiosk, serialNumber);
    expect(await living(kiosk, 'locks')).toEqual([]);
    expect(await living(kiosk, 'keyCertificates')).toEqual([]);
    expect(await orders(kiosk)).toEqual([]);
    expect(await world.admin('DELETE', path())).toMatchObject({
      status: 404,
      body: { error: { code: 'operator.not_found', params: { what: 'lock' } } },
    });
    const elsewhere = await world.makeKiosk(await world.makeStore());
    expect(await elsewhere.pushOne(elsewhere.capture(serialNumber))).toMatchObject({ status: 'accepted' });
    await eventually(async () => {
      expect(await living(elsewhere, 'keyCertificates')).toMatchObject([{ serialNumber }]);
    });
    expect(await living(kiosk, 'locks')).toEqual([]);
  });

  test('can come back to the store that it left', async ({ kiosk, serialNumber, scene: { order } }) => {
    await order();
    await tellReleased(kiosk, serialNumber);
    expect(await kiosk.pushOne(kiosk.capture(serialNumber))).toMatchObject({ status: 'accepted' });
    await eventually(async () => {
      expect(await living(kiosk, 'keyCertificates')).toMatchObject([{ serialNumber }]);
    });
    expect(await living(kiosk, 'locks')).toMatchObject([{ serialNumber }]);
    expect(await orders(kiosk)).toEqual([]);
  });

  test('is kept when what is told late was ordered before it came back, though it is ordered back again', async ({
    world,
    storeId,
    kiosk,
    serialNumber,
    scene: { order },
  }) => {
    const late = await world.makeKiosk(storeId);
    await order();
    const first = await orderIdOf(late);
    // Both were at the lock; only one of them has a connection.
    await tell(kiosk, [[serialNumber, first]]);
    expect(await living(kiosk, 'locks')).toEqual([]);
    expect(await kiosk.pushOne(kiosk.capture(serialNumber))).toMatchObject({ status: 'accepted' });
    await eventually(async () => expect(await living(kiosk, 'keyCertificates')).toHaveLength(1));
    await order();
    const second = await orderIdOf(late);
    expect(second).not.toBe(first);

    await tell(late, [[serialNumber, first]]);
    expect(await living(kiosk, 'locks')).toMatchObject([{ serialNumber }]);
    expect(await living(kiosk, 'keyCertificates')).toHaveLength(1);
    expect(await orders(kiosk)).toMatchObject([{ trustId: second }]);

    await tell(await world.makeKiosk(storeId), [[serialNumber, second]]);
    expect(await living(kiosk, 'locks')).toEqual([]);
    expect(await orders(kiosk)).toEqual([]);
  });

  test('is forgotten though the order was taken back and given again while the kiosk was away', async ({
    world,
    kiosk,
    serialNumber,
    scene: { order, path },
  }) => {
    await order();
    const orderId = await orderIdOf(kiosk);
    expect((await world.admin('DELETE', path())).status).toBe(204);
    await order();
    expect(await orderIdOf(kiosk)).toBe(orderId);
    await tell(kiosk, [[serialNumber, orderId]]);
    expect(await living(kiosk, 'locks')).toEqual([]);
  });

  test('is kept when the order that is answered is of another lock', async ({
    world,
    kiosk,
    scene: { order, path },
  }) => {
    await order();
    const orderId = await orderIdOf(kiosk);
    const other = someSerial();
    await kiosk.pushOne(kiosk.capture(other));
    await eventually(async () => expect(await living(kiosk, 'keyCertificates')).toHaveLength(2));
    await world.admin('POST', path(other));
    await tell(kiosk, [[other, orderId]]);
    expect(await living(kiosk, 'locks')).toHaveLength(2);
    expect(await orders(kiosk)).toHaveLength(2);
  });

  test('is kept when nobody ordered it, whatever a kiosk says', async ({ kiosk, serialNumber }) => {
    await tellReleased(kiosk, serialNumber, someSerial());
    expect(await living(kiosk, 'locks')).toMatchObject([{ serialNumber }]);
    expect(await living(kiosk, 'keyCertificates')).toMatchObject([{ serialNumber }]);
  });

  test('is kept when a kiosk of another store says it', async ({
    world,
    kiosk,
    serialNumber,
    scene: { order },
  }) => {
    await order();
    await tellReleased(await world.makeKiosk(await world.makeStore()), serialNumber);
    expect(await living(kiosk, 'locks')).toMatchObject([{ serialNumber }]);
    expect(await orders(kiosk)).toHaveLength(1);
  });
});

test('a lock that was given back while its order was taken back is forgotten once it is ordered back again', async ({
  world,
  kiosk,
  serialNumber,
  scene: { order, path },
}) => {
  await order();
  const orderId = await orderIdOf(kiosk);
  // The kiosk is offline: it has carried the order out, and tells of it after it was taken back.
  await world.admin('DELETE', path());
  await tell(kiosk, [[serialNumber, orderId]]);
  expect(await living(kiosk, 'locks')).toHaveLength(1);
  await order();
  expect(await living(kiosk, 'locks')).toEqual([]);
  expect(await kiosk.pushOne(kiosk.capture(serialNumber))).toMatchObject({ status: 'accepted' });
});

test.for(['key', 'name', 'name and key'])(
  'an order that was taken back is the same one when it is given again after the lock got another %s',
  async (changed, { world, storeId, kiosk, serialNumber, scene: { order, path } }) => {
    const lock = `/stores/${storeId}/locks/${serialNumber}`;
    await order();
    const orderId = await orderIdOf(kiosk);
    await world.admin('DELETE', path());
    if (changed.includes('name'))
      expect((await world.admin('PUT', lock, { name: 'Case 9', group: '' })).status).toBe(204);
    if (changed.includes('key')) {
      await world.vendor.reissue(serialNumber, 2);
      expect((await world.admin('POST', `${lock}/key`)).status).toBe(204);
    }
    await order();
    expect(await orderIdOf(kiosk)).toBe(orderId);
  },
);

test('operators who order, take back, rename and replace the key at once are each answered, and one order stands at the most', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  scene: { order },
}) => {
  const second = 'a token of another operator';
  const other = await world.startInstance({ adminTokens: [{ name: 'Bea', token: second }] });
  const lock = `/stores/${storeId}/locks/${serialNumber}`;
  const byBea = async (method: string, at: string, body?: unknown): Promise<number> => {
    const json = { 'content-type': 'application/json' };
    const response = await fetch(`${other.url}/v1/admin${at}`, {
      method,
      headers: { authorization: `Bearer ${second}`, ...(body === undefined ? {} : json) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status;
  };
  await order();
  const orderId = await orderIdOf(kiosk);
  for (let round = 2; round < 8; round += 1) {
    await world.vendor.reissue(serialNumber, round);
    const answers = await Promise.all([
      order(),
      byBea('DELETE', `${lock}/release`),
      byBea('POST', `${lock}/key`),
      world.admin('POST', `${lock}/key`).then(({ status }) => status),
      world.admin('PUT', lock, { name: `Case ${round}`, group: '' }).then(({ status }) => status),
      byBea('POST', `${lock}/release`),
    ]);
    const [ordered, taken, ...rest] = answers;
    expect([ordered, rest[3]]).toEqual([202, 202]);
    expect([204, 404]).toContain(taken);
    // The second of two replacements finds the key as new as the vendor's.
    expect([rest[0], rest[1]].sort()).toEqual([204, 409]);
    expect(rest[2]).toBe(204);
    const standing = await orders(kiosk);
    expect(standing.length).toBeLessThanOrEqual(1);
    for (const { trustId } of standing) expect(trustId).toBe(orderId);
  }
  await order();
  await tell(kiosk, [[serialNumber, orderId]]);
  expect(await living(kiosk, 'locks')).toEqual([]);
});
