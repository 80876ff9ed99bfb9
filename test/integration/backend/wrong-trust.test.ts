/** A vendor that delivers the wrong intermediate: refused where it arrives, and told to the operator; what is held stays. */
import { expect } from 'vitest';
import { createLiveLockApi, type VendorCertificates } from '#backend/live-lock/live-lock-api.ts';
import { createTrustPoller } from '#backend/trust/trust-poller.ts';
import { createVendorRoot } from '#backend/trust/vendor-root.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { trustSchema } from '#shared/models/documents.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { makeAuthority, theAuthority, type VendorDelivery } from './scripted-vendor.ts';
import { someSerial } from './test-kiosk.ts';
import { createWorld, eventually } from './world.ts';
import { storeTest } from './store-test.ts';

const day = 86_400_000;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const validity = (epoch = 1) => ({ notBefore: Date.now() - 60_000, notAfter: Date.now() + 20 * day, epoch });

const test = storeTest
  .extend(
    'held',
    ({ kiosk }) =>
      async (at = kiosk): Promise<string[]> =>
        (await at.pullAll('trust')).flatMap(({ deleted, ...document }) => {
          const parsed = deleted ? null : trustSchema.parse(document);
          return parsed?.kind === 'intermediate' ? [parsed.certificate] : [];
        }),
  )
  .extend(
    'refresh',
    ({ world }) =>
      async () =>
        (await world.admin('POST', '/trust/refresh')).body,
  );

const wrongs: [string, string, (delivery: VendorDelivery) => Promise<Partial<VendorDelivery>>][] = [
  [
    'of another vendor, with its root',
    'other_root',
    async () => {
      const { vendor, customer } = await makeAuthority();
      return {
        certificate: base64(await customer.issueIntermediate(validity())),
        root: base64(vendor.root),
      };
    },
  ],
  [
    'of another vendor, with the root that is known',
    'intermediate_not_signed_by_root',
    async () => {
      const { customer } = await makeAuthority();
      return { certificate: base64(await customer.issueIntermediate(validity())) };
    },
  ],
  [
    'of another customer',
    'other_customer',
    async () => {
      const { other } = await theAuthority();
      return { certificate: base64(await other.issueIntermediate(validity())) };
    },
  ],
  [
    'that has lapsed',
    'intermediate_expired',
    async () => {
      const { customer } = await theAuthority();
      const lapsed = { notBefore: Date.now() - 2 * day, notAfter: Date.now() - day, epoch: 1 };
      return { certificate: base64(await customer.issueIntermediate(lapsed)) };
    },
  ],
  [
    'of an older epoch',
    'intermediate_epoch_revoked',
    async () => {
      const { customer } = await theAuthority();
      return { certificate: base64(await customer.issueIntermediate(validity(0))) };
    },
  ],
  [
    'that is cut off',
    'certificate_malformed',
    ({ certificate }) =>
      Promise.resolve({ certificate: base64(Buffer.from(certificate, 'base64').subarray(0, -1)) }),
  ],
  ['that is none', 'certificate_malformed', () => Promise.resolve({ certificate: 'AAAA' })],
  ['for somebody else', 'no_answer', () => Promise.resolve({ owner: 'other' })],
];

test.for(wrongs)(
  'an intermediate %s is refused (%s), and what is held stays',
  async ([_, reason, wrong], { world, held, refresh }) => {
    const before = await held();
    expect(before).toHaveLength(1);
    const right = { owner: 'owner', certificate: before[0] ?? '', root: world.vendor.root };
    const delivery = { ...right, ...(await wrong(right)) };
    world.vendor.delivers = () => delivery;
    expect(await refresh()).toEqual({ refreshed: false, reason });
    expect(await held()).toEqual(before);
    // Nor does a store that is made later get it.
    expect(await held(await world.makeKiosk(await world.makeStore()))).toEqual(before);
    expect((await world.admin('GET', '/trust')).body).toMatchObject({
      intermediates: [{ owner: 'owner' }],
      lastRefresh: { refreshed: false, reason },
    });
    if (reason !== 'no_answer') expect(world.log.join('')).toContain(`"reason":"${reason}"`);

    world.vendor.delivers = (certificates) => certificates;
    expect(await refresh()).toEqual({ refreshed: true });
    expect(await held()).toEqual(before);
  },
);

test('whoever asks while a fetch is under way is told what one comes to that has begun since', async ({
  postgres,
  world,
}) => {
  const { db, ...database } = openDatabase(readAddress(postgres.url), silentLogger);
  const { tenantId, vendor } = world.config;
  const api = createLiveLockApi(vendor, world.ports);
  const late = Promise.withResolvers<VendorCertificates | null>();
  let fetches = 0;
  const poller = createTrustPoller({
    ...{ db, tenantId, owner: vendor.owner, pollMs: 3_600_000, platform: world.ports },
    vendorRoot: createVendorRoot(db, tenantId),
    api: {
      certificates: () => ((fetches += 1) === 1 ? late.promise : api.certificates()),
      revocations: () => api.revocations(),
    },
  });
  const first = poller.refresh();
  const others = Promise.all([poller.refresh(), poller.refresh()]);
  late.resolve(null);
  expect(await first).toEqual({ refreshed: false, reason: 'no_answer' });
  expect(await others).toEqual([{ refreshed: true }, { refreshed: true }]);
  expect(fetches).toBe(2);
  await poller.dispose();
  await database.dispose();
});

test('what the vendor takes back is gone, though what takes it back has lapsed since', async ({
  world,
  held,
  refresh,
}) => {
  const { customer } = await theAuthority();
  const lapsed = { notBefore: Date.now() - 2 * day, notAfter: Date.now() - day, epoch: 2 };
  const certificate = base64(await customer.issueIntermediate(lapsed));
  world.vendor.delivers = (certificates) => ({ ...certificates, certificate });
  expect(await refresh()).toEqual({ refreshed: true });
  expect(await held()).toEqual([certificate]);
});

test('nothing is asked of the vendor for a lock while there is nothing to check its key with', async ({
  postgres,
  kiosk,
}) => {
  const fresh = await createWorld(postgres.url, (vendor) => {
    vendor.delivers = (certificates) => ({ ...certificates, certificate: 'AAAA' });
  });
  const storeId = await fresh.makeStore();
  const importLock = async (): Promise<void> => {
    const { name, type, group, enrolmentCode, deviceCertificate, serialNumber } = kiosk.capture(someSerial());
    const lock = { name, type, group, enrolmentCode, deviceCertificate, serialNumber };
    expect((await fresh.admin('POST', `/stores/${storeId}/locks`, lock)).status).toBe(202);
  };
  await importLock();
  await eventually(() => expect(fresh.log.join('')).toContain('"reason":"no_intermediate"'));
  expect(fresh.vendor.calls).toEqual([]);
  fresh.vendor.delivers = (certificates) => certificates;
  expect((await fresh.admin('POST', '/trust/refresh')).body).toEqual({ refreshed: true });
  fresh.clock.offsetMs = 60_000;
  // The other's time has come, too, and this one has the worker look.
  await importLock();
  await eventually(async () => {
    expect((await fresh.admin('GET', `/stores/${storeId}/enrolments`)).body).toMatchObject({
      enrolments: [{ state: 'registered' }, { state: 'registered' }],
    });
  });
  await fresh.dispose();
});
