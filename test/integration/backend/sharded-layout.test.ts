/** Every statement of a kiosk's way names the tenant and the store, so that in a sharded layout one shard answers (docs/sizing.md). */
import { afterEach, expect, vi } from 'vitest';
import { createJournal } from '../../bench/journal.ts';
import { assertion, requestToken, someSerial } from './test-kiosk.ts';
import { listenIn, namesStore, ofTenant } from './sent-statements.ts';
import { storeTest as test } from './store-test.ts';
import { eventually } from './world.ts';

afterEach(() => vi.restoreAllMocks());

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

  // The vendor's side of an enrolment is the instances' own: what is due is looked for in all stores of the tenant.
  const ofKiosks = ofTenant(sent, tenantId).filter(({ values }) =>
    values.flat(2).some((value) => value === storeId || value === kiosk.kioskId),
  );
  expect(ofKiosks.length).toBeGreaterThan(30);
  const elsewhere = ofKiosks.filter((each) => !namesStore(each, { tenantId, storeId }));
  const unexpected = elsewhere.filter(({ text }) => !beforeTheStore.some((known) => known.test(text)));
  expect(unexpected.map(({ text }) => text)).toEqual([]);
});
