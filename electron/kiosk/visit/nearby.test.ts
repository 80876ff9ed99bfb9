import { Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LockSighting } from '../link/lock-driver.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createNearby, type Nearby, type NearbyLocks } from './nearby.ts';

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

let clock: ManualClock;
let sightings: Subject<LockSighting>;
let nearby: Nearby;
let shown: NearbyLocks;

beforeEach(() => {
  clock = new ManualClock();
  sightings = new Subject();
  nearby = createNearby({ sightings$: sightings, clock });
  nearby.nearby$.subscribe((locks) => {
    shown = locks;
  });
});
afterEach(() => nearby.dispose());

test('a heard lock is there at once, is shown soon, and is gone some seconds after its last advert', async () => {
  sightings.next(sighting);
  expect(nearby.get(serialNumber)).toMatchObject({ serialNumber, provisioned: false, battery: 80 });
  await clock.advance(100);
  expect(shown.has(serialNumber)).toBe(true);
  await clock.advance(30_000);
  expect(nearby.get(serialNumber)).toBeNull();
  expect(shown.has(serialNumber)).toBe(false);
});

test('what the lock said, authenticated, outranks what it advertised before, and shows at once', () => {
  sightings.next(sighting);
  nearby.learnProvisioned(serialNumber);
  expect(nearby.get(serialNumber)?.provisioned).toBe(true);
  expect(shown.get(serialNumber)?.provisioned).toBe(true);
});

test('an advert from before that answer does not override it: neither one on its way nor one that is repeated', async () => {
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
  expect(shown.get(serialNumber)?.provisioned).toBe(true);
});

test('a lock that is advertised as new again later is new again, also where that is repeated', async () => {
  sightings.next(sighting);
  nearby.learnProvisioned(serialNumber);
  await clock.advance(1_000);
  sightings.next(sighting);
  expect(nearby.get(serialNumber)?.provisioned).toBe(false);
  sightings.next({ ...sighting, repeated: true });
  expect(nearby.get(serialNumber)?.provisioned).toBe(false);
});

test('learning of a lock that is not in range makes none up', () => {
  nearby.learnProvisioned(serialNumber);
  expect(nearby.get(serialNumber)).toBeNull();
});

test('waiting ends when the lock is heard, when time is up, and when it is called off', async () => {
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
