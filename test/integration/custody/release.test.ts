/** A lock's way back: ordered at the back office, released by a person at the kiosk, forgotten, and enrolled once more. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { fromHex } from '#kiosk/link/wire/bytes.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { rootKeyOf } from '#kiosk/link/kiosk/device-certificate.ts';
import { isReleaseToken } from '#kiosk/link/lock/release-token.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { drawRegistration } from '#simulators/lock/registration.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

const test = estateTest
  /** What a lock does that is told to give itself back: it judges the token, and draws a new code. */
  .extend('obeysRelease', ({ estate }) => (kiosk: EstateKiosk, lock: Lock): Lock => {
    const { serialNumber } = lock.identity;
    const { enrolmentCode } = drawRegistration(lock.identity, systemRandom);
    const afterwards: Lock = { ...lock, provisioned: false, enrolmentCode: fromHex(enrolmentCode) };
    kiosk.driver.onRelease = () => {
      const { token, lent } = kiosk.driver;
      const keyPublic = readCertificate(lent?.keyCertificate ?? new Uint8Array()).publicKey;
      const roots = [rootKeyOf(estate.vendor.root)];
      if (!isReleaseToken(token ?? new Uint8Array(), { serialNumber, keyPublic, roots })) {
        return Promise.resolve(fail('lock.refused', { serialNumber, reason: 'bad_token' }));
      }
      kiosk.bring(afterwards);
      return Promise.resolve(ok(null));
    };
    return afterwards;
  });

test('a lock is ordered back, given back, forgotten with its key, and enrolled anew with another one', async ({
  estate,
  obeysRelease,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  const { serialNumber } = lock.identity;
  await eventually(() =>
    kiosk.requireView('locks', ({ locks }) => locks[0]?.obstacle === null && !locks[0].toBeReleased),
  );
  expect(await kiosk.call('releaseLock', { serialNumber })).toEqual(
    fail('lock.not_to_be_released', { serialNumber }),
  );
  const before = estate.registry.registration(serialNumber);

  // The backend has to have the lock in its store before it can be ordered back; provisioning is told to it later.
  await eventually(() => estate.admin('POST', `/stores/${storeId}/locks/${serialNumber}/release`));
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.toBeReleased === true));
  const released = obeysRelease(kiosk, lock);
  expect(await kiosk.call('releaseLock', { serialNumber })).toEqual(ok(null));

  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks.length === 0));
  const stored = await eventually(async () => {
    const { events } = (await estate.admin('GET', `/stores/${storeId}/events`)) as {
      events: { kind: string; serialNumber: string | null }[];
    };
    expect(events.map(({ kind }) => kind)).toContain('lock_released');
    return events;
  });
  expect(stored.find(({ kind }) => kind === 'lock_released')).toMatchObject({ serialNumber });

  await kiosk.capture(released);
  await eventually(() => expect(kiosk.enrolment(released)?.state).toBe('provisioned'));
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.obstacle === null));
  expect(await kiosk.call('unlock', { serialNumber })).toMatchObject({ value: { kind: 'open' } });
  const after = estate.registry.registration(serialNumber);
  expect(
    Buffer.compare(after?.privateKey ?? new Uint8Array(), before?.privateKey ?? new Uint8Array()),
  ).not.toBe(0);
}, 90_000);

test('given back without a connection: the back office hears of it later and forgets it then', async ({
  estate,
  obeysRelease,
}) => {
  const storeId = await estate.makeStore();
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await kiosk.enrol();
  const { serialNumber } = lock.identity;
  await eventually(() => estate.admin('POST', `/stores/${storeId}/locks/${serialNumber}/release`));
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks[0]?.toBeReleased === true));
  kiosk.network = 'cut';
  obeysRelease(kiosk, lock);
  expect(await kiosk.call('releaseLock', { serialNumber })).toEqual(ok(null));
  // Its answer got lost, the kiosk started anew: the person may ask again, and it is as true as before.
  expect(await kiosk.call('releaseLock', { serialNumber })).toEqual(ok(null));
  kiosk.network = 'up';
  await kiosk.call('syncNow', null);
  await eventually(() => kiosk.requireView('locks', ({ locks }) => locks.length === 0));
}, 90_000);
