import { describe, expect, test } from 'vitest';
import { createAlarmBench } from '#support/alarm-bench.ts';
import { serial } from '#support/kiosk-rows.ts';
import { silentForMs } from './silence-alarms.ts';

const hour = 3_600_000;

describe('not heard for a day', () => {
  test('is an alarm after a day of hearing, once, and over when it is heard', async () => {
    const on = createAlarmBench();
    await on.start();
    on.driver.hear(serial);
    await on.clock.advance(silentForMs - hour);
    expect(on.told()).toEqual([]);
    await on.clock.advance(2 * hour);
    expect(on.told()).toEqual(['raised not_heard']);
    await on.clock.advance(2 * silentForMs);
    expect(on.told()).toHaveLength(1);
    on.driver.hear(serial, { repeated: true });
    await on.clock.advance(1_000);
    expect(on.told()).toHaveLength(1);
    on.driver.hear(serial);
    await on.clock.advance(1_000);
    expect(on.told()).toEqual(['raised not_heard', 'ended not_heard']);
  });

  test('counts no time without a dongle, asleep, or off; and no clock that is moved', async () => {
    const on = createAlarmBench();
    const { watches } = await on.start();
    on.driver.hear(serial);
    await on.clock.advance(hour);
    on.driver.radioState$.next('no_dongle');
    await on.clock.advance(3 * silentForMs);
    on.driver.radioState$.next('ready');
    on.clock.sleep(3 * silentForMs);
    on.clock.jump(30 * silentForMs);
    await on.clock.advance(hour);
    await watches.dispose();
    on.clock.reboot(3 * silentForMs);
    await on.start();
    await on.clock.advance(silentForMs - 3 * hour);
    expect(on.told()).toEqual([]);
    await on.clock.advance(2 * hour);
    expect(on.told()).toEqual(['raised not_heard']);
  });

  test('is said of no lock that this kiosk has never heard', async () => {
    const on = createAlarmBench();
    await on.start();
    await on.clock.advance(2 * silentForMs);
    expect(on.told()).toEqual([]);
  });

  test('comes no earlier because the kiosk was killed just after it had heard the lock', async () => {
    const on = createAlarmBench();
    await on.start();
    on.driver.hear(serial);
    await on.clock.advance(10 * hour);
    on.driver.hear(serial);
    await on.clock.advance(1_000);
    // Nothing of the one before is ended: it was killed.
    const kept = on.data.notes.get('hearing') ?? '';
    const again = createAlarmBench();
    again.data.notes.set('hearing', kept);
    await again.start();
    await again.clock.advance(silentForMs - hour);
    expect(again.told()).toEqual([]);
    await again.clock.advance(2 * hour);
    expect(again.told()).toEqual(['raised not_heard']);
  });
});
