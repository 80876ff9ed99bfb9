/** Revocation lists, from the vendor to every store, and what headquarters hears of them. */
import { describe, expect } from 'vitest';
import { Client } from 'pg';
import { z } from 'zod';
import { revocationParts } from '#backend/store/migrations/0016-revocation-parts.ts';
import { revocationsAnswerSchema } from '#backend/trust/revocation-standing.ts';
import { trustSchema } from '#shared/models/documents.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { theAuthority } from './scripted-vendor.ts';
import { storeTest } from './store-test.ts';

interface Part {
  readonly version: number;
  readonly list: string;
}

const serialOf = (index: number): string => (0xf000 + index).toString(16).padStart(16, '0');
/** A part that revokes the locks of these numbers. */
const part = async (version: number, locks: readonly number[], minCustomerEpoch = 0): Promise<Part> => {
  const { vendor, customer } = await theAuthority();
  const list = vendor.signRevocations(customer, {
    version,
    minCustomerEpoch,
    locks: locks.map((index) => ({ serialNumber: serialOf(index), minKeyEpoch: 2 })),
  });
  return { version, list: Buffer.from(list).toString('base64') };
};
const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
const good = { refreshed: true };
const failed = { refreshed: false, reason: 'revocations_failed' };
const goneBack = { refreshed: false, reason: 'revocations_gone_back' };

/** What a kiosk pulls: the lists in the order of their versions. */
const lists = async (of: TestKiosk) => {
  const documents = (await of.pullAll('trust')).map(({ deleted, ...document }) => {
    expect(deleted).toBe(false);
    return trustSchema.parse(document);
  });
  expect(documents.filter(({ kind }) => kind === 'intermediate')).toHaveLength(1);
  return documents.filter(
    (document) => document.kind === 'revocation_list' || document.kind === 'revocation_part',
  );
};
const rowsOf = ([first, ...others]: readonly Part[]) => [
  ['revocation_list', first?.list],
  ...others.map(({ list }) => ['revocation_part', list]),
];

const test = storeTest
  .extend(
    'refresh',
    ({ world }) =>
      async () =>
        (await world.admin('POST', '/trust/refresh')).body,
  )
  .extend('deliver', ({ world, refresh }) => (parts: readonly Part[]): Promise<unknown> => {
    const [first] = parts;
    if (!first) throw new Error('no part');
    world.vendor.revocations = { ...first, parts };
    return refresh();
  })
  .extend(
    'delivered',
    ({ kiosk }) =>
      async (of = kiosk) =>
        (await lists(of)).map(({ kind, list }) => [kind, list]),
  )
  .extend(
    'standing',
    ({ world }) =>
      async () =>
        z.object({ revocations: revocationsAnswerSchema }).parse((await world.admin('GET', '/trust')).body)
          .revocations,
  )
  .extend(
    'logged',
    ({ world }) =>
      (event: string) =>
        world.log.filter((line) => line.includes(event)).length,
  );

const notKnown = 'it is not known what the vendor has revoked';
const takenBack = 'the vendor has taken revocations back';

test('a list reaches the stores that exist and those that are made later', async ({
  world,
  kiosk,
  deliver,
  delivered,
}) => {
  expect(await lists(kiosk)).toEqual([]);
  const only = await part(1, [1]);
  expect(await deliver([only])).toEqual(good);
  expect(await delivered()).toEqual(rowsOf([only]));
  const later = await world.makeKiosk(await world.makeStore());
  expect(await delivered(later)).toEqual(rowsOf([only]));
});

test('a newer list takes the place of the older one; the same one again, signed anew, changes nothing', async ({
  kiosk,
  deliver,
}) => {
  await deliver([await part(1, [1])]);
  const [first] = await lists(kiosk);
  expect(await deliver([await part(1, [1])])).toEqual(good);
  expect(await lists(kiosk)).toEqual([first]);
  const newer = await part(2, [1, 2]);
  await deliver([newer]);
  const [second] = await lists(kiosk);
  expect(second).toMatchObject({ trustId: first?.trustId, list: newer.list });
  expect(second?.version).toBeGreaterThan(first?.version ?? 0);
});

test('beyond 64 locks it goes on in parts: the first as ever, each further one of a kind of its own', async ({
  kiosk,
  deliver,
  delivered,
  standing,
}) => {
  const first = await part(64, range(0, 64));
  const parts = [first, await part(65, [64])];
  expect(await deliver(parts)).toEqual(good);
  expect(await delivered()).toEqual(rowsOf(parts));
  const before = await lists(kiosk);
  const longer = [first, await part(66, [64, 65])];
  expect(await deliver(longer)).toEqual(good);
  expect(await delivered()).toEqual(rowsOf(longer));
  expect((await lists(kiosk))[0]).toEqual(before[0]);
  expect(await standing()).toMatchObject({ state: 'lists', parts: 2, version: 66, locks: 66 });
});

test('a raise of the customer signs all parts anew: stores get them in their order', async ({
  kiosk,
  deliver,
}) => {
  await deliver([await part(64, range(0, 64)), await part(65, [64])]);
  const raised = [await part(66, range(0, 64), 2), await part(67, [64], 2)];
  expect(await deliver(raised)).toEqual(good);
  const rows = await lists(kiosk);
  expect(rows.map(({ kind, list }) => [kind, list])).toEqual(rowsOf(raised));
  expect(rows[1]?.version).toBeGreaterThan(rows[0]?.version ?? 0);
});

test('a vendor that knows of no parts delivers one', async ({ world, refresh, delivered }) => {
  const only = await part(3, [1]);
  world.vendor.revocations = only;
  expect(await refresh()).toEqual(good);
  expect(await delivered()).toEqual(rowsOf([only]));
});

test('the list that the release before has kept is the first part', async ({ postgres, world }) => {
  const client = new Client(postgres.url);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('DROP TABLE revocation_parts');
    const before = { owner: 'owner', version: 7, list: 'AAAA' };
    await client.query(`INSERT INTO tenant_settings VALUES ($1, 'revocation list', $2)`, [
      world.config.tenantId,
      Buffer.from(JSON.stringify(before)),
    ]);
    await client.query(revocationParts.sql);
    const { rows } = await client.query(
      'SELECT owner, part, version::int, list, trust_id FROM revocation_parts',
    );
    expect(rows).toEqual([{ ...before, part: 1, trust_id: 'revocations of owner' }]);
    await client.query('ROLLBACK');
  } finally {
    await client.end();
  }
});

describe('headquarters', () => {
  test('sees that nothing was ever revoked, and from when on something was', async ({
    world,
    refresh,
    deliver,
    standing,
  }) => {
    const none = await standing();
    expect(none).toMatchObject({ state: 'none', reason: null, parts: 0, locks: 0 });
    world.clock.offsetMs += 60_000;
    await refresh();
    expect(await standing()).toEqual(none);
    await deliver([await part(1, [1])]);
    const now = await standing();
    expect(now).toMatchObject({ state: 'lists', parts: 1, version: 1, locks: 1 });
    expect(now.since).toBeGreaterThanOrEqual((none.since ?? 0) + 60_000);
  });

  test('sees since when the vendor has no answer; it is logged once, and what is held stays delivered', async ({
    world,
    refresh,
    deliver,
    delivered,
    standing,
    logged,
  }) => {
    const held = [await part(64, range(0, 64)), await part(65, [64])];
    await deliver(held);
    world.vendor.revocations = 'down';
    expect(await refresh()).toEqual(failed);
    const since = (await standing()).since;
    world.clock.offsetMs += 60_000;
    expect(await refresh()).toEqual(failed);
    expect(await standing()).toMatchObject({
      state: 'failed',
      reason: 'unavailable',
      since,
      parts: 2,
      version: 65,
      locks: 65,
    });
    expect(logged(notKnown)).toBe(1);
    expect(await delivered()).toEqual(rowsOf(held));
    const longer = [...held.slice(0, 1), await part(66, [64, 65])];
    expect(await deliver(longer)).toEqual(good);
    expect(logged('what the vendor has revoked is known again')).toBe(1);
    // Another instance, or a restart, knows since when.
    await world.startInstance();
    expect(await standing()).toMatchObject({ state: 'lists', reason: null });
  });

  test.for([
    ['is no list', () => Promise.resolve([{ version: 9, list: 'AAAA' }]), 'malformed'],
    [
      'says another version than its part',
      async () => [{ ...(await part(8, [1])), version: 9 }],
      'malformed',
    ],
    ['has parts out of their order', async () => [await part(9, [1]), await part(8, [2])], 'malformed'],
    [
      'is signed by somebody else',
      async () => {
        const { version, list } = await part(9, [1]);
        const bytes = Buffer.from(list, 'base64');
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        return [{ version, list: bytes.toString('base64') }];
      },
      'not_signed_by_root',
    ],
    [
      "is another customer's",
      async () => {
        const { vendor, other } = await theAuthority();
        const list = vendor.signRevocations(other, { version: 9, minCustomerEpoch: 0, locks: [] });
        return [{ version: 9, list: Buffer.from(list).toString('base64') }];
      },
      'other_customer',
    ],
  ] as const)(
    'sees that what came %s: none of it is kept',
    async ([_name, made, reason], { deliver, delivered, standing }) => {
      const held = [await part(1, [1])];
      await deliver(held);
      expect(await deliver(await made())).toEqual(failed);
      expect(await standing()).toMatchObject({ state: 'failed', reason, version: 1 });
      expect(await delivered()).toEqual(rowsOf(held));
    },
  );

  test.for([
    ['an older version', async () => [await part(63, range(0, 64)), await part(65, [64])], 'older_version'],
    ['a part less', async () => [await part(70, range(0, 64))], 'part_missing'],
    ['a lock less', async () => [await part(64, range(0, 64)), await part(70, [65])], 'entry_missing'],
    [
      'a lower epoch of the customer',
      async () => [await part(70, range(0, 64)), await part(71, [64])],
      'entry_missing',
    ],
    [
      'the same version for something else',
      async () => [await part(64, range(0, 64), 1), await part(65, [64, 65], 1)],
      'changed_without_version',
    ],
    ['nothing any more', () => Promise.resolve(null), 'nothing_revoked'],
  ] as const)(
    'sees that the vendor has gone back to %s: it revokes no less',
    async ([_name, made, reason], { world, refresh, deliver, delivered, standing, logged }) => {
      const held = [await part(64, range(0, 64), 1), await part(65, [64], 1)];
      await deliver(held);
      const said = await made();
      if (said) expect(await deliver(said)).toEqual(goneBack);
      else {
        world.vendor.revocations = null;
        expect(await refresh()).toEqual(goneBack);
      }
      expect(await standing()).toMatchObject({ state: 'gone_back', reason, parts: 2, version: 65 });
      expect(await refresh()).toEqual(goneBack);
      expect(logged(takenBack)).toBe(1);
      expect(await delivered()).toEqual(rowsOf(held));
    },
  );
});
