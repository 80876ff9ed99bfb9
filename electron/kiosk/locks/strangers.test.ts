/** What anybody can send in a lock's name keeps nobody out of a lock that this kiosk knows. */
import { describe, expect, test } from 'vitest';
import type { LockSighting } from '../link/lock-driver.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';

const staySignal = new AbortController().signal;
const bits = [false, true];
const everyAdvert: readonly Partial<LockSighting>[] = bits.flatMap((provisioned) =>
  bits.flatMap((boltOpen) =>
    bits.flatMap((tamper) =>
      bits.map((batteryLow) => ({
        provisioned,
        boltOpen,
        tamper,
        batteryLow,
        battery: batteryLow ? 0 : 100,
      })),
    ),
  ),
);

describe('whatever is advertised in its name', () => {
  test.each(everyAdvert)('%j: the lock is asked to open', async (advert) => {
    const { driver, unlocks } = createKioskBench();
    driver.hear(serial, advert);
    expect(await unlocks.unlock(serial, ids.ann, staySignal)).toMatchObject({ value: { kind: 'open' } });
    expect(driver.asked).toEqual([`unlock ${serial}`]);
  });

  test('a known lock blinks for its key, also where it is advertised as new', async () => {
    const { driver, operations } = createKioskBench();
    driver.hear(serial, { provisioned: false });
    expect(await operations.identify(serial, staySignal)).toMatchObject({ ok: true });
    expect(driver.lent).not.toBeNull();
  });
});

test('made-up locks by the thousand keep no lock out that is there', () => {
  const { driver, nearby } = createKioskBench();
  for (let made = 0; made < 5_000; made += 1) driver.hear(`ffff051a${made.toString(16).padStart(8, '0')}`);
  driver.hear(serial);
  expect(nearby.get(serial)).not.toBeNull();
  for (let made = 0; made < 4_000; made += 1) driver.hear(`eeee051a${made.toString(16).padStart(8, '0')}`);
  expect(nearby.get(serial)).not.toBeNull();
});
