/** A journal of fifty thousand events, on a real file: what somebody looks for in it does not hold up the kiosk. */
import { of } from 'rxjs';
import { expect, it } from 'vitest';
import { createActivity } from '#kiosk/activity/activity.ts';
import { createChainCheck } from '#kiosk/journal/check-chain.ts';
import { activityPage } from '#shared/ipc/activity.ts';
import { composeEvent, uuid } from '#support/documents.ts';
import { openData } from './open-data.ts';

/** With LONG_JOURNAL=50000 it prints what each takes. */
const count = Number(process.env.LONG_JOURNAL ?? 1_500);
const start = Date.UTC(2026, 0, 1);

it('is read a page at a time, however rare what is looked for', async () => {
  const { data, clock } = await openData();
  for (let n = 1; n <= count; n += 1) {
    await data.appendAccessEvent(composeEvent(uuid(n), start + n * 120_000));
  }
  const activity = createActivity({
    data,
    deliveries: { of: () => ({ state: 'waiting' }) },
    names: { person: () => 'Ann', lock: () => null, place: () => null, reasons: () => null },
    concerns$: of(new Map()),
    timeZone: () => 'Europe/Paris',
    clock,
  });
  const { signal } = new AbortController();
  const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await run();
    if (process.env.LONG_JOURNAL)
      process.stdout.write(`${what}: ${(performance.now() - began).toFixed(1)} ms\n`);
    return value;
  };
  await timed('the first page, with where each event is', () => activity.page({}, null, signal));
  const newest = await timed('a page', () => activity.page({}, null, signal));
  expect([newest.rows.length, newest.next]).toEqual([activityPage, count - activityPage + 1]);
  let turns = 0;
  const turn = setInterval(() => (turns += 1), 0);
  const rarest = await timed('what is nowhere', () => activity.page({ group: 'nowhere' }, null, signal));
  const day = await timed('a day', () => activity.page({ day: '2026-01-02', hour: 5 }, null, signal));
  const { days } = await timed('the sums', () => activity.sumUp({}, signal));
  const chain = await timed('the chain', () => createChainCheck(data).check(signal));
  clearInterval(turn);
  expect([rarest.rows, rarest.next]).toEqual([[], null]);
  expect(day.rows).toHaveLength(30);
  expect(days.at(-1)).toBe('2026-01-01');
  expect(chain).toMatchObject({ events: count, brokenAt: null });
  // Others had their turn in between.
  expect(turns).toBeGreaterThan(2);
  // Pruned events are looked for no more.
  data.replica.acknowledgeEvents(count, []);
  data.replica.settle(count);
  await data.replica.pruneEvents(start + 200 * 86_400_000);
  expect((await activity.page({}, 120, signal)).rows.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 19 }, (_, at) => 119 - at),
  );
  activity.dispose();
}, 120_000);
