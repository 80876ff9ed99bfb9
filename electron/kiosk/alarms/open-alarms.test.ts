import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createAlarmBench, type AlarmBench } from '#support/alarm-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { actorHash } from '../journal/actor-hash.ts';
import { leftOpenAfterMs } from './open-alarms.ts';

const unlock = async (on: AlarmBench): Promise<void> => {
  on.driver.hear(serial);
  await on.clock.advance(200);
  const end = await on.unlocks.unlock(serial, ids.ann, new AbortController().signal);
  expect(end.ok && end.value.kind).toBe('open');
};
const ringOf = (on: AlarmBench, staffId: string, at: number): void => {
  const event = { sequence: 7, at, kind: 'unlocked', actorHash: actorHash(staffId) } as const;
  on.driver.onEvents = () => Promise.resolve(ok({ events: [event], more: false }));
};
const asks = (on: AlarmBench): number => on.driver.asked.filter((one) => one.startsWith('events')).length;

describe('left open', () => {
  test('is an alarm from half a minute after its hold-open time on, and over when it is closed', async () => {
    const on = createAlarmBench();
    await on.start();
    await unlock(on);
    await on.hearFor(5_000 + leftOpenAfterMs - 2_000, { boltOpen: true });
    expect(on.told()).toEqual([]);
    await on.hearFor(6_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised left_open']);
    await on.hearFor(60_000, { boltOpen: true });
    expect(on.told()).toHaveLength(1);
    await on.hearFor(4_000);
    expect(on.told()).toEqual(['raised left_open', 'ended left_open']);
    expect(asks(on)).toBe(0);
  });

  test('is none of a lock that closes in time', async () => {
    const on = createAlarmBench();
    await on.start();
    await unlock(on);
    await on.hearFor(5_000, { boltOpen: true });
    await on.hearFor(120_000);
    expect(on.told()).toEqual([]);
  });

  test('is told of a lock that was opened before the kiosk was started anew, too', async () => {
    const on = createAlarmBench();
    const { watches } = await on.start();
    await unlock(on);
    await watches.dispose();
    await on.start();
    await on.hearFor(leftOpenAfterMs + 4_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised left_open']);
  });

  test('does not come of a clock that is moved', async () => {
    const on = createAlarmBench();
    await on.start();
    await unlock(on);
    on.clock.jump(3_600_000);
    await on.hearFor(4_000, { boltOpen: true });
    expect(on.told()).toEqual([]);
  });
});

describe('open, and not opened here', () => {
  test('is an alarm where the lock knows of nobody who opened it, until it is closed and somebody has looked', async () => {
    const on = createAlarmBench();
    const { alarms } = await on.start();
    await on.hearFor(6_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised opened_unasked']);
    await on.hearFor(60_000, { boltOpen: true });
    expect([on.told().length, asks(on)]).toEqual([1, 1]);
    await on.hearFor(4_000);
    expect(on.told()).toHaveLength(1);
    await alarms.acknowledge('opened_unasked', serial, ids.ann);
    expect(on.told().slice(1)).toEqual(['acknowledged opened_unasked', 'ended opened_unasked']);
  });

  test('is none where somebody of the store has just opened it at another kiosk, unless it stays open', async () => {
    const on = createAlarmBench();
    await on.start();
    ringOf(on, ids.bob, on.clock.now() - 90_000);
    await on.hearFor(60_000, { boltOpen: true });
    expect([on.told(), asks(on)]).toEqual([[], 1]);
    await on.hearFor(40_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised left_open']);
  });

  test('is one where it has closed since somebody’s opening, there or here, and is open again', async () => {
    const on = createAlarmBench();
    await on.start();
    ringOf(on, ids.bob, on.clock.now());
    await on.hearFor(6_000, { boltOpen: true });
    await on.hearFor(70_000);
    expect([on.told(), asks(on)]).toEqual([[], 1]);
    await on.hearFor(6_000, { boltOpen: true });
    expect([on.told(), asks(on)]).toEqual([['raised opened_unasked'], 2]);
  });

  test.each(['', ' before the kiosk was started anew'])(
    'is one where this kiosk’s own opening%s is all that the lock knows of',
    async (when) => {
      const on = createAlarmBench();
      const { watches } = await on.start();
      await unlock(on);
      ringOf(on, ids.ann, on.clock.now());
      await on.hearFor(8_000);
      if (when !== '') {
        await watches.dispose();
        await on.start();
      }
      await on.hearFor(20_000);
      await on.hearFor(6_000, { boltOpen: true });
      expect(on.told()).toEqual(['raised opened_unasked']);
    },
  );

  test.each([
    ['long ago', ids.bob, 3_600_000],
    ['by whom nobody here knows', ids.kiosk, 1_000],
  ])('is one where the lock was last opened %s', async (_, staffId, agoMs) => {
    const on = createAlarmBench();
    await on.start();
    ringOf(on, staffId, on.clock.now() - agoMs);
    await on.hearFor(6_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised opened_unasked']);
  });

  test('is one where the lock does not answer three times, and none while somebody is at work', async () => {
    const on = createAlarmBench();
    await on.start();
    on.driver.onEvents = (serialNumber) => Promise.resolve(fail('lock.link_lost', { serialNumber }));
    const turn = await on.slot.claim('person', serial);
    await on.hearFor(60_000, { boltOpen: true });
    expect(on.told()).toEqual([]);
    if (turn.ok) turn.value.release();
    await on.hearFor(6_000, { boltOpen: true });
    expect(on.told()).toEqual([]);
    await on.hearFor(20_000, { boltOpen: true });
    expect(on.told()).toEqual(['raised opened_unasked']);
  });

  test('says nothing of a new lock, nor of another store’s', async () => {
    const on = createAlarmBench();
    await on.start();
    await on.hearFor(20_000, { boltOpen: true, provisioned: false });
    for (let at = 0; at < 10; at += 1) {
      on.driver.hear('0000051a000000ff', { boltOpen: true, tamper: true, batteryLow: true });
      await on.clock.advance(2_000);
    }
    expect(on.told()).toEqual([]);
  });
});
