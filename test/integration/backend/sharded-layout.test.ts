/** Every statement of a kiosk's way names the tenant and the store, so that in a sharded layout one shard answers (docs/sizing.md). */
import pg from 'pg';
import { afterEach, expect, vi } from 'vitest';
import { z } from 'zod';
import { createJournal } from '../../bench/journal.ts';
import { assertion, requestToken, someSerial } from './test-kiosk.ts';
import { storeTest as test } from './store-test.ts';
import { eventually } from './world.ts';

afterEach(() => vi.restoreAllMocks());

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Of what a statement speaks: all tables whose rows belong to a tenant. */
const tables = /\b(?:from|into|update|join)\s+"?([a-z_]+)"?/gi;
const isOfTables = ({ text }: Statement): boolean =>
  [...text.matchAll(tables)].some(
    ([, name = '']) => !['unnest', 'here_only', 'asked', 'locked'].includes(name),
  );

const methodSchema = z.object({ value: z.custom<(...args: unknown[]) => unknown>() });
const sentSchema = z.tuple([z.string(), z.array(z.unknown())]);
/** All that the instance, which runs in this process, sends from now on. */
const listenIn = (): Statement[] => {
  const sent: Statement[] = [];
  const { value: query } = methodSchema.parse(Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query'));
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const parsed = sentSchema.safeParse(args.slice(0, 2));
    if (parsed.success)
      sent.push({ text: parsed.data[0].replaceAll(/\s+/g, ' ').trim(), values: parsed.data[1] });
    return Reflect.apply(query, this, args);
  });
  return sent;
};

const names = ({ text, values }: Statement, column: string, value: string): boolean =>
  text.includes(column) && values.flat(2).includes(value);

/** What is asked before the store is known names the kiosk: `kiosks` is the one table that is looked up so. Times are of the tenant. */
const beforeTheStore = [
  /^select .* from "kiosks" where "tenant_id" = \$1 and "kiosk_id" = ANY/,
  /^select "at" from "steady_time" where "tenant_id"/,
];

test('a token, pulls with and without news, and pushes name tenant and store in every statement', async ({
  world,
  storeId,
  kiosk,
}) => {
  const { tenantId } = world.config;
  const sent = listenIn();
  expect((await requestToken(world.backend.url, await assertion(kiosk.keys, kiosk))).status).toBe(200);
  const [event] = createJournal(kiosk.kioskId).next(1);
  await kiosk.push('accessEvents', [event]);
  await kiosk.pushOne(kiosk.capture(someSerial()));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
  for (const collection of ['store', 'trust', 'staff', 'locks', 'keyCertificates', 'enrolments'] as const) {
    const { checkpoint } = await kiosk.pull(collection);
    await kiosk.pull(collection, checkpoint);
    const claim = `seen=9.ab&journal=${event?.sequence}.${event?.hash}`;
    await kiosk.request(`/v1/sync/${collection}?after=0&limit=10&${claim}`);
  }
  vi.restoreAllMocks();

  const ofTables = sent.filter(isOfTables).filter(({ values }) => values.flat(2).includes(tenantId));
  // The vendor's side of an enrolment is the instances' own: what is due is looked for in all stores of the tenant.
  const ofKiosks = ofTables.filter(({ values }) =>
    values.flat(2).some((value) => value === storeId || value === kiosk.kioskId),
  );
  expect(ofKiosks.length).toBeGreaterThan(30);
  const elsewhere = ofKiosks.filter(
    (each) => !(names(each, 'tenant_id', tenantId) && names(each, 'store_id', storeId)),
  );
  const unexpected = elsewhere.filter(({ text }) => !beforeTheStore.some((known) => known.test(text)));
  expect(unexpected.map(({ text }) => text)).toEqual([]);
});
