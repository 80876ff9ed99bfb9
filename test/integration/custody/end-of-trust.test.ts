/** What ends a kiosk's right to open locks: revocation, a lease that ran out, a machine that cannot keep a secret. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fail } from '#shared/errors/app-error.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';
let storeId: string;

const test = estateTest
  .extend('withLock', ({ estate }) => async (): Promise<{ kiosk: EstateKiosk; lock: Lock }> => {
    storeId = await estate.makeStore();
    const kiosk = await EstateKiosk.at(estate, storeId);
    const lock = await kiosk.enrol();
    return { kiosk, lock };
  })
  .extend('revoke', ({ estate }) => async (): Promise<void> => {
    const { kiosks } = (await estate.admin('GET', `/stores/${storeId}/kiosks`)) as {
      kiosks: { kioskId: string }[];
    };
    await estate.admin('POST', `/kiosks/${kiosks[0]?.kioskId}/revoke`);
  });

/** Every byte of every file that the kiosk has. */
const onDisk = (kiosk: EstateKiosk): Buffer =>
  Buffer.concat(
    readdirSync(kiosk.dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(kiosk.dataDir, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path)),
  );

test('revoked: within moments nothing opens, and no key, PIN hash, lock or event is left on the disk', async ({
  withLock,
  revoke,
}) => {
  const { kiosk, lock } = await withLock();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
  const { serialNumber } = lock.identity;
  expect(onDisk(kiosk).includes(serialNumber)).toBe(true);
  await revoke();
  await eventually(() => kiosk.requireView('kiosk', ({ phase }) => phase === 'revoked'));
  await eventually(() => expect(readdirSync(join(kiosk.dataDir, 'vault'))).toEqual([]));
  expect(await kiosk.unlock(lock)).toEqual(fail('staff.not_signed_in'));
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks.length === 0));
  await kiosk.stop();
  for (const trace of [serialNumber, 'ECDH-ES', '"salt"', 'accessEvents-', 'Case 9']) {
    expect([trace, onDisk(kiosk).includes(trace)]).toEqual([trace, false]);
  }
  await kiosk.start();
  expect(kiosk.view('kiosk')).toMatchObject({ phase: 'revoked', staff: [] });
}, 60_000);

test('revoked while it was off: erased at its first contact; dead while erasing: finished at the next start', async ({
  withLock,
  revoke,
}) => {
  const { kiosk, lock } = await withLock();
  await kiosk.stop();
  await revoke();
  kiosk.network = 'cut';
  await kiosk.start();
  // It cannot know yet: the lease bounds this, and only this.
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
  kiosk.network = 'up';
  const files: string[] = [];
  kiosk.instant = (what) => {
    // The refusal has arrived; the erasing begins right after it.
    if (what === 'after POST /v1/token')
      queueMicrotask(() => setImmediate(() => files.length === 0 && files.push(kiosk.freeze())));
  };
  await kiosk.call('syncNow', null);
  await eventually(() => expect(files).toHaveLength(1));
  kiosk.instant = () => undefined;
  await kiosk.startFrom(files[0]);
  await eventually(() => kiosk.requireView('kiosk', ({ phase }) => phase === 'revoked'));
  await eventually(() => expect(readdirSync(join(kiosk.dataDir, 'vault'))).toEqual([]));
}, 60_000);

test('the lease: nothing opens after its last hour, one contact renews it, the clock does not', async ({
  withLock,
}) => {
  const { kiosk, lock } = await withLock();
  kiosk.network = 'cut';
  // An answer that was under way when the network went would be one more contact, at whatever time it then is.
  await eventually(async () => expect(await kiosk.call('syncNow', null)).toMatchObject({ ok: false }));
  const week = 7 * 86_400_000;
  kiosk.clockOffsetMs = week - 3_600_000;
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
  kiosk.clockOffsetMs = week + 60_000;
  const lapsed = { value: { kind: 'not_open', error: { code: 'vault.lease_expired' } } };
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject(lapsed);
  kiosk.clockOffsetMs = 0;
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject(lapsed);
  await kiosk.stop();
  await kiosk.start();
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject(lapsed);
  kiosk.network = 'up';
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('health', ({ lease }) => lease.state === 'valid'));
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
}, 60_000);

test('no secret store: keys and data stay shut, none is made, the page says so; with the store all is there again', async ({
  withLock,
}) => {
  const { kiosk, lock } = await withLock();
  await kiosk.stop();
  await kiosk.start('none');
  expect(kiosk.view('health').vault.state).toBe('no_secret_store');
  expect(kiosk.view('kiosk')).toMatchObject({ staff: [], obstacle: { code: 'vault.no_secret_store' } });
  expect(kiosk.view('locks').locks).toEqual([]);
  await kiosk.stop();
  await kiosk.start();
  await kiosk.signIn();
  expect(await kiosk.unlock(lock)).toMatchObject({ value: { kind: 'open' } });
}, 60_000);
