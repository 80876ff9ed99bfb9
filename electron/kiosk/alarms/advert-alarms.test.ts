import { describe, expect, test } from 'vitest';
import { createAlarmBench } from '#support/alarm-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { goodForMs } from './advert-alarms.ts';

describe('tampering', () => {
  test('is one event until somebody has looked, and stays until the lock and a person have cleared it', async () => {
    const on = createAlarmBench();
    const { alarms } = await on.start();
    await on.hearFor(2_000, { tamper: true });
    await on.hearFor(2_000);
    await on.hearFor(2_000, { tamper: true });
    expect(on.told()).toEqual(['raised tampered']);
    await alarms.acknowledge('tampered', serial, ids.ann);
    await on.hearFor(4_000, { tamper: true });
    expect(on.told()).toEqual(['raised tampered', 'acknowledged tampered']);
    await on.hearFor(4_000);
    expect(on.told().at(-1)).toBe('ended tampered');
    await on.hearFor(2_000, { tamper: true });
    expect(on.told()).toHaveLength(4);
  });
});

describe('a low battery', () => {
  test('is one alarm, however it is told, and over with another battery', async () => {
    const on = createAlarmBench();
    await on.start();
    await on.hearFor(2_000, { batteryLow: true, battery: 14 });
    await on.hearFor(2_000, { battery: 15 });
    await on.hearFor(2_000, { batteryLow: true, battery: 14 });
    expect(on.told()).toEqual(['raised battery_low']);
    await on.hearFor(goodForMs - 4_000, { battery: 98 });
    expect(on.told()).toEqual(['raised battery_low']);
    await on.hearFor(8_000, { battery: 98 });
    expect(on.told()).toEqual(['raised battery_low', 'ended battery_low']);
  });

  test('that comes and goes, at whatever percentage, is one alarm', async () => {
    const on = createAlarmBench();
    await on.start();
    for (let times = 0; times < 60; times += 1) {
      await on.hearFor(10_000, { batteryLow: true, battery: 40 });
      await on.hearFor(50_000, { battery: 40 });
    }
    expect(on.told()).toEqual(['raised battery_low']);
  });
});

test('alarms of a lock that the store gives back end', async () => {
  const on = createAlarmBench();
  await on.start();
  await on.hearFor(2_000, { tamper: true });
  on.data.locks$.next(new Map());
  await on.clock.advance(100);
  expect(on.told()).toEqual(['raised tampered', 'ended tampered']);
});

test('so do those of a lock that the store gave back while the kiosk was off', async () => {
  const on = createAlarmBench();
  const { watches } = await on.start();
  await on.hearFor(2_000, { tamper: true });
  await watches.dispose();
  on.data.locks$.next(new Map());
  const { watches: again } = await on.start();
  await on.clock.advance(100);
  await again.dispose();
  expect(on.told()).toEqual(['raised tampered', 'ended tampered']);
});
