import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { createJournal } from '../journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { alarmKinds, alarmTraits } from '#shared/models/alarm.ts';
import { createAlarms, type Alarms } from './alarms.ts';

const setUp = async () => {
  const clock = new ManualClock();
  const data = new FakeData();
  const random = seededRandom(3);
  const logger = silentLogger;
  /** As at a start after whatever ended the one before. */
  const start = async (): Promise<Alarms> => {
    const journal = createJournal({
      data,
      clock,
      machineClock: clock,
      random,
      logger,
      kioskId: () => ids.kiosk,
      offline: () => false,
    });
    const alarms = await createAlarms({ notes: data, data, journal, clock, logger });
    await alarms.recover();
    return alarms;
  };
  const told = (): unknown[] =>
    data.events.map(({ kind, alarm, serialNumber, staffId }) => [kind, alarm, serialNumber, staffId]);
  return { clock, data, start, told, alarms: await start() };
};
const open = (alarms: Alarms) => firstValueFrom(alarms.alarms$);

describe('an alarm', () => {
  test('is one event, however often its cause is told, over restarts', async () => {
    const { clock, start, told, alarms } = await setUp();
    const since = clock.now();
    await alarms.raise('tampered', serial);
    await clock.advance(60_000);
    await alarms.raise('tampered', serial);
    const again = await start();
    await again.raise('tampered', serial);
    expect(await open(again)).toEqual([
      { kind: 'tampered', serialNumber: serial, since, acknowledged: null },
    ]);
    expect(told()).toEqual([['alarm_raised', 'tampered', serial, null]]);
  });

  test('is acknowledged by a person, once, and says by whom and when', async () => {
    const { clock, start, told, alarms } = await setUp();
    await alarms.raise('battery_low', serial);
    await clock.advance(5_000);
    expect(await alarms.acknowledge('battery_low', serial, ids.ann)).toEqual(ok(null));
    await alarms.acknowledge('battery_low', serial, ids.bob);
    const [kept] = await open(await start());
    expect(kept?.acknowledged).toEqual({ at: clock.now(), staffId: ids.ann });
    expect(told()).toEqual([
      ['alarm_raised', 'battery_low', serial, null],
      ['alarm_acknowledged', 'battery_low', serial, ids.ann],
    ]);
    expect(await alarms.acknowledge('tampered', serial, ids.ann)).toEqual(ok(null));
    expect(told()).toHaveLength(2);
  });

  test.each(alarmKinds.map((kind) => [kind, alarmTraits[kind].ends] as const))(
    '%s ends by %s',
    async (kind, ends) => {
      const { told, alarms } = await setUp();
      await alarms.raise(kind, serial);
      await alarms.causeOver(kind, serial);
      expect(await open(alarms)).toHaveLength(ends === 'cause' ? 0 : 1);
      await alarms.raise(kind, serial);
      await alarms.acknowledge(kind, serial, ids.ann);
      expect(await open(alarms)).toHaveLength(ends === 'person' ? 0 : 1);
      await alarms.causeOver(kind, serial);
      expect(await open(alarms)).toEqual([]);
      expect(told().at(-1)).toEqual(['alarm_ended', kind, serial, null]);
      await alarms.raise(kind, serial);
      expect(await open(alarms)).toHaveLength(1);
    },
  );

  test('that its lock has cleared meanwhile ends with the word of a person', async () => {
    const { told, alarms } = await setUp();
    await alarms.raise('opened_unasked', serial);
    await alarms.causeOver('opened_unasked', serial);
    await alarms.acknowledge('opened_unasked', serial, ids.ann);
    expect(await open(alarms)).toEqual([]);
    expect(told().map((each) => (each as string[])[0])).toEqual([
      'alarm_raised',
      'alarm_acknowledged',
      'alarm_ended',
    ]);
  });

  test('of a lock that is not of the store any more ends', async () => {
    const { told, alarms } = await setUp();
    await alarms.raise('tampered', serial);
    await alarms.raise('battery_low', serial);
    await alarms.forget(serial);
    expect(await open(alarms)).toEqual([]);
    expect(told()).toHaveLength(4);
  });
});

describe('a kiosk that is killed', () => {
  test('after it was written down and before the journal had it, tells it once', async () => {
    const { data, start, told } = await setUp();
    const first = await start();
    data.appendAccessEvent = () => new Promise(() => undefined);
    void first.raise('tampered', serial);
    await expect.poll(() => data.notes.get('alarms')).toContain('alarm_raised');
    Reflect.deleteProperty(data, 'appendAccessEvent');
    const again = await start();
    await again.raise('tampered', serial);
    expect(told()).toEqual([['alarm_raised', 'tampered', serial, null]]);
    // The note still has it, and the journal, too.
    await start();
    expect(told()).toHaveLength(1);
  });
});

test('an event that the journal has is left in no note, which would tell it again once the journal has removed it', async () => {
  const { data, start, told, alarms } = await setUp();
  const kept = (): string => data.notes.get('alarms') ?? '';
  await alarms.raise('tampered', serial);
  expect(kept()).not.toContain('alarm_raised');
  // One that waited for the disk, and was in the journal later.
  data.diskFull = true;
  await alarms.raise('battery_low', serial);
  data.diskFull = false;
  await alarms.raise('left_open', serial);
  expect(told()).toHaveLength(3);
  expect(kept()).not.toContain('alarm_raised');
  data.events.splice(0);
  await start();
  expect(told()).toEqual([]);
});

describe('a disk that takes nothing', () => {
  test('acknowledges nothing, and says so; an alarm is there all the same', async () => {
    const { data, told, alarms } = await setUp();
    data.diskFull = true;
    await alarms.raise('tampered', serial);
    const refused = await alarms.acknowledge('tampered', serial, ids.ann);
    expect(refused.ok).toBe(false);
    expect((await open(alarms))[0]?.acknowledged).toBeNull();
    data.diskFull = false;
    expect(await alarms.acknowledge('tampered', serial, ids.ann)).toEqual(ok(null));
    expect(told().map((each) => (each as string[])[0])).toEqual(['alarm_raised', 'alarm_acknowledged']);
  });
});

test('a note that cannot be read is no alarm', async () => {
  const { data, start } = await setUp();
  data.notes.set('alarms', '{"open":[{');
  expect(await open(await start())).toEqual([]);
});

test('nothing of an erased kiosk is left', async () => {
  const { data, start, alarms } = await setUp();
  await alarms.raise('tampered', serial);
  await alarms.forgetAll();
  expect(data.notes.get('alarms')).toBe('');
  expect(await open(await start())).toEqual([]);
});
