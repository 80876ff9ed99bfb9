import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { dayOf } from '#shared/batteries/forecast.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow } from '#support/kiosk-rows.ts';
import type { OpenAlarm } from '../alarms/alarms.ts';
import { createLastHeard } from '../locks/last-heard.ts';
import { createBatteryLog } from './battery-log.ts';
import { createBatteryRounds } from './battery-rounds.ts';

const dayMs = 86_400_000;
const serialOf = (n: number): string => `0000051a0000000${String(n)}`;
const [first, second, third] = [serialOf(1), serialOf(2), serialOf(3)] as const;

const setUp = () => {
  const on = createKioskBench();
  const { data, driver, clock, storeLocks$, nearby, journal, logger } = on;
  data.pull({ locks: [first, second, third].map((serial) => lockRow(serial)), keys: [] });
  const low = new Map<string, OpenAlarm>();
  const raise = (serialNumber: string): void => {
    low.set(serialNumber, { kind: 'battery_low', serialNumber, since: clock.now(), acknowledged: null });
  };
  const kept: unknown[] = [];
  const signed = { keep: (event: unknown) => Promise.resolve(void kept.push(event)) };
  const start = async () => {
    const lastHeard = await createLastHeard({
      sightings$: driver.sightings$,
      storeLocks$,
      notes: data,
      clock,
      logger,
    });
    const log = await createBatteryLog({ storeLocks$, lastHeard, notes: data, journal, clock, logger });
    const rounds = createBatteryRounds({
      storeLocks$,
      nearby,
      lastHeard,
      log,
      journal,
      signed,
      clock,
      alarms: { find: (_, serial) => low.get(serial ?? '') },
    });
    return {
      lastHeard,
      log,
      rounds,
      stop: async () => {
        rounds.dispose();
        await log.dispose();
        await lastHeard.dispose();
      },
    };
  };
  const read = () =>
    data.events.flatMap(({ kind, batteries }) => (kind === 'batteries_read' ? [batteries] : []));
  const day = async (): Promise<void> => clock.advance(dayMs);
  return { ...on, kept, raise, start, read, day };
};

describe('what locks say of their batteries', () => {
  test('is in the journal once a day, of those that were heard within a day', async () => {
    const { driver, clock, start, read, day } = setUp();
    const { log } = await start();
    driver.hear(first, { battery: 81 });
    driver.hear(second, { battery: 40 });
    const heardAt = clock.now();
    await clock.advance(15 * 60_000);
    const told = [
      { serialNumber: first, percent: 81, heardAt },
      { serialNumber: second, percent: 40, heardAt },
    ];
    expect(read()).toEqual([told]);
    driver.hear(first, { battery: 80 });
    await clock.advance(3 * 60 * 60_000);
    expect(read()).toHaveLength(1);
    await day();
    await day();
    const before = log.readings(second).length;
    driver.hear(first, { battery: 79 });
    await day();
    expect(read().at(-1)).toMatchObject([{ serialNumber: first, percent: 79 }]);
    expect(log.readings(first).at(-1)).toEqual({ day: dayOf(clock.now()), percent: 79 });
    expect(log.readings(second)).toHaveLength(before);
  });

  test('is known after a restart, and not told twice for one day', async () => {
    const { driver, clock, start, read } = setUp();
    const before = await start();
    driver.hear(first, { battery: 81 });
    await clock.advance(15 * 60_000);
    await before.stop();
    const { log } = await start();
    await clock.advance(30 * 60_000);
    expect(read()).toHaveLength(1);
    expect(log.readings(first)).toEqual([{ day: dayOf(clock.now()), percent: 81 }]);
  });

  test('is kept for eight weeks, of locks that the store has', async () => {
    const { driver, data, start, day } = setUp();
    const { log } = await start();
    for (let days = 0; days < 60; days += 1) {
      driver.hear(first, { battery: 90 - days });
      await day();
    }
    expect(log.readings(first)).toHaveLength(56);
    data.locks$.next(new Map());
    expect(log.readings(first)).toEqual([]);
  });

  test('of days that a clock ahead has made up goes with the first right one', async () => {
    const { driver, clock, start } = setUp();
    const { log } = await start();
    clock.jump(40 * dayMs);
    driver.hear(first, { battery: 81 });
    await clock.advance(15 * 60_000);
    clock.jump(-40 * dayMs);
    driver.hear(first, { battery: 80 });
    await clock.advance(15 * 60_000);
    expect(log.readings(first)).toEqual([{ day: dayOf(clock.now()), percent: 80 }]);
  });

  test('of the weeks before outlives a clock that was ahead', async () => {
    const { driver, clock, start, day } = setUp();
    const { log } = await start();
    for (let days = 0; days < 20; days += 1) {
      driver.hear(first, { battery: 90 - days });
      await day();
    }
    const before = log.readings(first);
    clock.jump(400 * dayMs);
    driver.hear(first, { battery: 70 });
    await clock.advance(15 * 60_000);
    clock.jump(-400 * dayMs);
    expect(log.readings(first)).toEqual(before);
    // What it heard while it was ahead is heard no more, and told by no right day.
    await day();
    expect(log.readings(first)).toEqual(before);
  });

  test('of locks that left while the kiosk was off goes with the next that is written', async () => {
    const { driver, data, clock, start, day } = setUp();
    const { stop } = await start();
    driver.hear(first);
    driver.hear(second);
    await clock.advance(15 * 60_000);
    await stop();
    data.pull({ locks: [lockRow(second)], keys: [] });
    data.locks$.next(new Map([[second, lockRow(second)]]));
    await start();
    driver.hear(second);
    await day();
    expect(await data.readNote('batteries')).not.toContain(first);
  });

  test('is forgotten with the kiosk', async () => {
    const { driver, clock, start } = setUp();
    const { log, stop } = await start();
    driver.hear(first);
    await clock.advance(15 * 60_000);
    await log.forgetAll();
    expect(log.readings(first)).toEqual([]);
    await stop();
    expect((await start()).log.readings(first)).toEqual([]);
  });
});

describe('the battery round', () => {
  test('lists a large store little by little: what comes meanwhile has its turn', async () => {
    const { data, driver, clock, start } = setUp();
    const serials = Array.from({ length: 350 }, (_, n) => `0000051a${String(n).padStart(8, '0')}`);
    data.pull({ locks: serials.map((serial) => lockRow(serial)), keys: [] });
    const { rounds } = await start();
    for (const serial of serials) driver.hear(serial, { battery: 10 });
    await clock.advance(200);
    const order: string[] = [];
    const [{ change }] = await Promise.all([
      rounds.list().finally(() => order.push('list')),
      nextTurn().then(() => order.push('other')),
    ]);
    expect(order).toEqual(['other', 'list']);
    expect(change.map(({ serialNumber }) => serialNumber)).toEqual(serials);
  });

  test('is one event of who signed it, with whose batteries were changed, and which were left', async () => {
    const { driver, data, kept, clock, start } = setUp();
    const { rounds } = await start();
    driver.hear(first, { battery: 9, batteryLow: true });
    driver.hear(second, { battery: 18 });
    driver.hear(third, { battery: 90 });
    await clock.advance(200);
    expect((await rounds.list()).change.map(({ serialNumber }) => serialNumber)).toEqual([first, second]);
    const round = { changed: [first], left: 1, serialNumbers: [second] };
    const [one, other] = await Promise.all([
      rounds.sign(ids.ann, [first, '0000051a000000ff']),
      rounds.sign(ids.ann, [first]),
    ]);
    expect([one, other]).toEqual([
      { ok: true, value: round },
      { ok: true, value: round },
    ]);
    expect(data.events).toMatchObject([{ kind: 'battery_round', staffId: ids.ann, round }]);
    expect(kept).toEqual(data.events);
  });

  test('takes a lock off the list until it is heard again, and puts it back if it says the same', async () => {
    const { driver, clock, raise, start } = setUp();
    const { rounds, log } = await start();
    driver.hear(first, { battery: 9, batteryLow: true });
    raise(first);
    await clock.advance(60_000);
    const due = async (): Promise<string[]> =>
      (await rounds.list()).change.map(({ serialNumber }) => serialNumber);
    expect(await due()).toEqual([first]);
    await rounds.sign(ids.ann, [first]);
    expect(await due()).toEqual([]);
    expect(log.readings(first)).toEqual([]);
    await clock.advance(1_000);
    driver.hear(first, { battery: 9, batteryLow: true });
    expect(await due()).toEqual([first]);
    driver.hear(first, { battery: 100 });
    expect(await due()).toEqual([]);
  });

  test('that was signed while the clock was ahead takes no lock off the list for good', async () => {
    const { driver, clock, start, read } = setUp();
    const { rounds } = await start();
    driver.hear(first, { battery: 9 });
    clock.jump(300 * dayMs);
    await rounds.sign(ids.ann, [first]);
    clock.jump(-300 * dayMs);
    driver.hear(first, { battery: 8 });
    await clock.advance(15 * 60_000);
    expect((await rounds.list()).change).toMatchObject([{ serialNumber: first, percent: 8 }]);
    expect(read().at(-1)).toMatchObject([{ serialNumber: first, percent: 8 }]);
  });

  test('is not asked for by an alarm of the battery that was in there before', async () => {
    const { driver, clock, raise, start } = setUp();
    const { rounds } = await start();
    driver.hear(first, { battery: 22, batteryLow: true });
    raise(first);
    await clock.advance(3 * 60 * 60_000);
    expect((await rounds.list()).change).toMatchObject([{ serialNumber: first, low: true }]);
    driver.hear(first, { battery: 99 });
    await clock.advance(3 * 60 * 60_000);
    expect((await rounds.list()).change).toEqual([]);
  });

  test('says what is silent, and that nobody knows what is in it since it was changed', async () => {
    const { driver, clock, start } = setUp();
    const { rounds } = await start();
    driver.hear(first, { battery: 60 });
    driver.hear(second, { battery: 9 });
    await clock.advance(60_000);
    await rounds.sign(ids.ann, [second]);
    await clock.advance(8 * dayMs);
    expect((await rounds.list()).silent).toMatchObject([
      { serialNumber: first, percent: 60 },
      { serialNumber: second, percent: null },
    ]);
  });

  test('has not happened where the disk takes nothing', async () => {
    const { driver, data, kept, clock, start } = setUp();
    const { rounds } = await start();
    driver.hear(first, { battery: 9 });
    await clock.advance(60_000);
    data.diskFull = true;
    expect((await rounds.sign(ids.ann, [first])).ok).toBe(false);
    expect((await rounds.list()).change).toHaveLength(1);
    expect(kept).toEqual([]);
  });
});
