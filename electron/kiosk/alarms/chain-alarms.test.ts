import { describe, expect, test } from 'vitest';
import { createAlarmBench } from '#support/alarm-bench.ts';
import { ids } from '#support/kiosk-rows.ts';
import { firstCheckMs } from './chain-alarms.ts';

const day = 24 * 3_600_000;

const withEvents = async (count: number) => {
  const on = createAlarmBench();
  for (let at = 0; at < count; at += 1) await on.journal.record({ kind: 'signed_in', staffId: ids.ann });
  return on;
};

describe('a journal', () => {
  test('that is whole is no alarm, also where its oldest events are gone', async () => {
    const on = await withEvents(450);
    on.data.events.splice(0, 30);
    await on.start();
    await on.clock.advance(firstCheckMs + 5_000);
    expect(on.told()).toEqual([]);
  });

  test.each([
    ['is missing', (events: { staffId: string | null }[]) => events.splice(250, 1)],
    [
      'was changed',
      (events: { staffId: string | null }[]) => events.splice(250, 1, { ...events[250], staffId: ids.bob }),
    ],
  ])('of which an event %s is an alarm, once, that a person ends', async (_, damage) => {
    const on = await withEvents(450);
    damage(on.data.events);
    const { alarms, watches } = await on.start();
    await on.clock.advance(firstCheckMs + 5_000);
    expect(on.told()).toEqual(['raised chain_broken']);
    await alarms.acknowledge('chain_broken', null, ids.ann);
    expect(on.told().slice(1)).toEqual(['acknowledged chain_broken', 'ended chain_broken']);
    await on.clock.advance(2 * day);
    await watches.dispose();
    await on.start();
    await on.clock.advance(firstCheckMs + 5_000);
    expect(on.told()).toHaveLength(3);
  });
});
