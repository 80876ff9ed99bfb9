import { Subject } from 'rxjs';
import { expect, test as base } from 'vitest';
import type { LockSighting } from '../link/lock-driver.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createNearby, type NearbyLocks } from './nearby.ts';

const serialNumber = '0000051a00000005';
const sighting: LockSighting = {
  serialNumber,
  rssi: -50,
  provisioned: false,
  boltOpen: false,
  tamper: false,
  batteryLow: false,
  battery: 80,
};

const test = base
  .extend('clock', () => new ManualClock())
  .extend('sightings', () => new Subject<LockSighting>())
  .extend('nearby', ({ clock, sightings }, { onCleanup }) => {
    const nearby = createNearby({ sightings$: sightings, clock });
    onCleanup(() => nearby.dispose());
    return nearby;
  })
  /** What was shown last. */
  .extend('shown', ({ nearby }) => {
    const shown: { locks: NearbyLocks } = { locks: new Map() };
    nearby.nearby$.subscribe((locks) => (shown.locks = locks));
    return shown;
  });

test('a heard lock is there at once, is shown soon, and is gone some seconds after its last advert', async ({
  clock,
  sightings,
  nearby,
  shown,
}) => {
  sightings.next(sighting);
  expect(nearby.get(serialNumber)).toMatchObject({ serialNumber, provisioned: false, battery: 80 });
  await clock.advance(100);
  expect(shown.locks.has(serialNumber)).toBe(true);
  await clock.advance(30_000);
  expect(nearby.get(serialNumber)).toBeNull();
  expect(shown.locks.has(serialNumber)).toBe(false);
});

test('what the lock said, authenticated, outranks what it advertised before, and shows at once', ({
  sightings,
  nearby,
  shown,
}) => {
  sightings.next(sighting);
  nearby.learnProvisioned(serialNumber);
  expect(nearby.get(serialNumber)?.provisioned).toBe(true);
  expect(shown.locks.get(serialNumber)?.provisioned).toBe(true);
});

test('an advert from before that answer does not override it: neither one on its way nor one that is repeated', async ({
  clock,
  sightings,
  nearby,
  shown,
}) => {
  sightings.next(sighting);
  nearby.learnProvisioned(serialNumber);
  await clock.advance(50);
  sightings.next(sighting);
  // For as long as the link stands.
  for (let second = 0; second < 10; second += 1) {
    await clock.advance(1_000);
    sightings.next({ ...sighting, repeated: true });
    expect(nearby.get(serialNumber)?.provisioned).toBe(true);
  }
  expect(shown.locks.get(serialNumber)?.provisioned).toBe(true);
});

test('a lock that is advertised as new again later is new again, also where that is repeated', async ({
  clock,
  sightings,
  nearby,
}) => {
  sightings.next(sighting);
  nearby.learnProvisioned(serialNumber);
  await clock.advance(1_000);
  sightings.next(sighting);
  expect(nearby.get(serialNumber)?.provisioned).toBe(false);
  sightings.next({ ...sighting, repeated: true });
  expect(nearby.get(serialNumber)?.provisioned).toBe(false);
});

test('learning of a lock that is not in range makes none up', ({ nearby }) => {
  nearby.learnProvisioned(serialNumber);
  expect(nearby.get(serialNumber)).toBeNull();
});

test('waiting ends when the lock is heard, when time is up, and when it is called off', async ({
  clock,
  sightings,
  nearby,
}) => {
  const heard = nearby.waitFor(serialNumber, 1_000);
  sightings.next(sighting);
  await expect(heard).resolves.toBe(true);
  await clock.advance(30_000);

  const late = nearby.waitFor(serialNumber, 1_000);
  await clock.advance(1_000);
  await expect(late).resolves.toBe(false);

  const abort = new AbortController();
  const stopped = nearby.waitFor(serialNumber, 1_000, abort.signal);
  abort.abort();
  await expect(stopped).resolves.toBe(false);
});
