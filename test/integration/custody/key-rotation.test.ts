/** A kiosk takes new keys while it works, against the backend itself, and dies at every step of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

const rotationPath = 'POST /v1/kiosks/keys';

interface Held {
  readonly next?: unknown;
  readonly previous?: unknown;
  readonly current?: { readonly sealing: string };
  readonly sealing?: string;
}
/** What the wrapped file holds; the secret store of the test only inverts bits. */
const heldKeys = (kiosk: EstateKiosk): Held => {
  const bytes = readFileSync(join(kiosk.dataDir, 'vault', 'keys.wrapped')).map((byte) => byte ^ 0xff);
  return JSON.parse(Buffer.from(bytes).toString()) as Held;
};
const presentKey = (kiosk: EstateKiosk): string | undefined => {
  const held = heldKeys(kiosk);
  return held.sealing ?? held.current?.sealing;
};
const opens = async (kiosk: EstateKiosk, lock: Lock): Promise<void> => {
  if (kiosk.view('kiosk').session === null) await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({
    value: { kind: 'open' },
  });
};
const rotated = (kiosk: EstateKiosk, before: string | undefined): Promise<void> =>
  eventually(() => {
    const held = heldKeys(kiosk);
    expect([held.next ?? null, held.previous ?? null]).toEqual([null, null]);
    expect(presentKey(kiosk)).not.toBe(before);
  });

const test = estateTest
  .extend('storeId', { scope: 'file' }, ({ estate }) => estate.makeStore())
  .extend('withLock', ({ estate, storeId }) => async (): Promise<{ kiosk: EstateKiosk; lock: Lock }> => {
    const kiosk = await EstateKiosk.at(estate, storeId);
    const lock = await kiosk.enrol();
    return { kiosk, lock };
  })
  /** The kiosk learns of it with its next token; after a restart that is at once. */
  .extend('askedToRotate', ({ estate, storeId }) => async (kiosk: EstateKiosk): Promise<void> => {
    const { kiosks } = (await estate.admin('GET', `/stores/${storeId}/kiosks`)) as {
      kiosks: { kioskId: string; registeredAt: number }[];
    };
    const newest = kiosks.toSorted((a, b) => b.registeredAt - a.registeredAt)[0];
    await estate.admin('POST', `/kiosks/${newest?.kioskId}/rotate-keys`);
    await kiosk.stop();
  });

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ storeId: _storeId }) => undefined);

test('asked by an operator: locks open before, during and after, and the old keys are gone from the disk', async ({
  withLock,
  askedToRotate,
}) => {
  const { kiosk, lock } = await withLock();
  const before = presentKey(kiosk);
  await askedToRotate(kiosk);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  kiosk.intercept = (what) => (what === rotationPath ? held.then(() => Response.error()) : null);
  await kiosk.start();
  await eventually(() => expect(kiosk.requests).toContain(rotationPath));
  await opens(kiosk, lock);
  kiosk.intercept = () => null;
  release();
  await rotated(kiosk, before);
  await opens(kiosk, lock);
  expect(kiosk.view('health').connection.state).toBe('online');
  await kiosk.stop();
  await kiosk.start();
  await opens(kiosk, lock);
}, 60_000);

test('by age, offline in between: it opens all the time and is through once the network is back', async ({
  withLock,
  askedToRotate,
}) => {
  const { kiosk, lock } = await withLock();
  const before = presentKey(kiosk);
  await askedToRotate(kiosk);
  kiosk.instant = (what) => {
    if (what === `after ${rotationPath}`) kiosk.network = 'cut';
  };
  await kiosk.start();
  await eventually(() => expect(kiosk.network).toBe('cut'));
  await opens(kiosk, lock);
  await kiosk.stop();
  kiosk.instant = () => undefined;
  await kiosk.start();
  await opens(kiosk, lock);
  kiosk.network = 'up';
  await kiosk.call('syncNow', null);
  await kiosk.stop();
  await kiosk.start();
  await rotated(kiosk, before);
  await opens(kiosk, lock);
}, 60_000);

/** What every rotation passes, while the old keys are the present ones and after the new ones have taken their place. */
test.for([
  `old: before ${rotationPath}`,
  `old: after ${rotationPath}`,
  'new: before POST /v1/token',
  'new: after POST /v1/token',
  'new: before GET /v1/sync/store',
  'new: before GET /v1/sync/keyCertificates',
  'new: after GET /v1/sync/keyCertificates',
  'new: after GET /v1/sync/enrolments',
])(
  'dead at "%s" of a rotation, it ends with new keys that open its locks',
  { timeout: 60_000 },
  async (dieAt, { withLock, askedToRotate }) => {
    const { kiosk, lock } = await withLock();
    const before = presentKey(kiosk);
    await askedToRotate(kiosk);
    const files: string[] = [];
    kiosk.instant = (what) => {
      const instant = `${presentKey(kiosk) === before ? 'old' : 'new'}: ${what}`;
      if (files.length === 0 && instant === dieAt) files.push(kiosk.freeze());
    };
    await kiosk.start();
    await eventually(() => expect(files).toHaveLength(1));
    await kiosk.startFrom(files[0]);
    await rotated(kiosk, before);
    await opens(kiosk, lock);
  },
);
