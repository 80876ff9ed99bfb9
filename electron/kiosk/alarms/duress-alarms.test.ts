import { expect, test } from 'vitest';
import { createAlarmBench } from '#support/alarm-bench.ts';
import { ids, storeRow } from '#support/kiosk-rows.ts';
import { duressCountsMs } from './duress-alarms.ts';

const told = (n: number, at: number) => ({
  eventId: `60000000-0000-4000-8000-00000000000${n}`,
  kioskName: 'Back door',
  staffId: ids.bob,
  at,
});

test('duress at another kiosk is an alarm once, over restarts, and goes when somebody has acknowledged it', async () => {
  const on = createAlarmBench();
  const { alarms, watches } = await on.start();
  const first = told(1, on.clock.now());
  on.data.store$.next({ ...storeRow(), duress: [first] });
  await on.clock.advance(100);
  expect(on.told()).toEqual(['raised duress']);
  await alarms.acknowledge('duress', null, ids.ann);
  await watches.dispose();
  const again = await on.start();
  on.data.store$.next({ ...storeRow(), duress: [first] });
  await on.clock.advance(100);
  expect(on.told()).toEqual(['raised duress', 'acknowledged duress', 'ended duress']);
  on.data.store$.next({ ...storeRow(), duress: [first, told(2, on.clock.now())] });
  await on.clock.advance(100);
  expect(on.told().at(-1)).toBe('raised duress');
  await again.watches.dispose();
});

test('duress that was told more than a day late is for the back office alone', async () => {
  const on = createAlarmBench();
  await on.start();
  on.data.store$.next({ ...storeRow(), duress: [told(1, on.clock.now() - duressCountsMs)] });
  await on.clock.advance(100);
  expect(on.told()).toEqual([]);
});
