/** What watches for alarms, on a bench of locks: which alarms it raised, and what the journal tells of them. */
import { createAlarms } from '#kiosk/alarms/alarms.ts';
import { createAlarmWatches } from '#kiosk/alarms/alarm-watches.ts';
import type { LockSighting } from '#kiosk/link/lock-driver.ts';
import { ids, serial } from './kiosk-rows.ts';
import { createKioskBench } from './kiosk-bench.ts';
import { quietConcerns } from './quiet-concerns.ts';

export type AlarmBench = ReturnType<typeof createAlarmBench>;

/** One lock (`serial`), of people Ann and Bob; what is advertised of it goes on being heard. */
export const createAlarmBench = () => {
  const ended: Awaited<ReturnType<typeof createAlarmWatches>>['ended'][] = [];
  const bench = createKioskBench({
    ...quietConcerns,
    ended: (...how) => {
      for (const tell of ended) tell(...how);
      return Promise.resolve();
    },
  });
  const { data, driver, directory, visits, storeLocks$, nearby, journal, clock, logger } = bench;

  /** As the kiosk does at its start. */
  const start = async () => {
    const alarms = await createAlarms({ notes: data, data, journal, clock, logger });
    await alarms.recover();
    const watches = await createAlarmWatches({
      alarms,
      data,
      driver,
      directory,
      visits,
      storeLocks$,
      nearby$: nearby.nearby$,
      staffIds: () => [ids.ann, ids.bob],
      clock,
      logger,
    });
    ended.splice(0, ended.length, watches.ended);
    return { alarms, watches };
  };

  /** Lets `ms` pass, in which the lock advertises this every two seconds. */
  const hearFor = async (ms: number, advert: Partial<Omit<LockSighting, 'serialNumber'>> = {}) => {
    for (let passed = 0; passed < ms; passed += 2_000) {
      driver.hear(serial, advert);
      await clock.advance(Math.min(2_000, ms - passed));
    }
  };
  /** `raised tampered`, oldest first. */
  const told = (): string[] =>
    data.events
      .filter(({ alarm }) => alarm !== undefined)
      .map(({ kind, alarm }) => `${kind.replace('alarm_', '')} ${String(alarm)}`);
  return { ...bench, start, hearFor, told };
};
