import { describe, expect, test } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow } from '#support/kiosk-rows.ts';
import { createClosingSweep } from './closing-sweep.ts';

const serialOf = (n: number): string => `0000051a0000000${String(n)}`;

const setUp = () => {
  const on = createKioskBench();
  on.data.pull({ locks: [1, 2, 3, 4, 5].map((n) => lockRow(serialOf(n))), keys: [] });
  const kept: unknown[] = [];
  const signed = { keep: (event: unknown) => Promise.resolve(void kept.push(event)) };
  const sweep = createClosingSweep({ ...on, signed });
  const all = on.data.locks$.value.size;
  return { ...on, sweep, kept, others: all - 5 };
};

describe('the closing sweep', () => {
  test('is one event of who signed it, with what was heard locked, seen locked, and which were not', async () => {
    const { driver, clock, sweep, data, others } = setUp();
    driver.hear(serialOf(1));
    driver.hear(serialOf(2), { boltOpen: true });
    await clock.advance(200);
    const signed = await sweep.sign(ids.ann, [serialOf(2), serialOf(3), '0000051a000000ff']);
    const found = { heardLocked: 1, seenLocked: 1, notLocked: 3 + others, heardOpen: 1 };
    expect(signed).toMatchObject({ ok: true, value: found });
    expect(data.events).toMatchObject([{ kind: 'closing_sweep', staffId: ids.ann, sweep: found }]);
    const [event] = data.events;
    // What a lock says goes before what somebody saw.
    expect(event?.sweep?.serialNumbers).toEqual(
      expect.arrayContaining([serialOf(2), serialOf(4), serialOf(5)]),
    );
    expect(event?.sweep?.serialNumbers).not.toContain(serialOf(3));
  });

  test('is one event where it is asked for twice at once', async () => {
    const { sweep, data } = setUp();
    const [one, other] = await Promise.all([sweep.sign(ids.ann, []), sweep.sign(ids.ann, [])]);
    expect(one).toEqual(other);
    expect(data.events).toHaveLength(1);
  });

  test('takes a lock that says it is new for one that is not heard', async () => {
    const { driver, clock, sweep } = setUp();
    driver.hear(serialOf(1), { provisioned: false });
    driver.hear(serialOf(2), { provisioned: false, boltOpen: true });
    await clock.advance(200);
    expect(await sweep.sign(ids.ann, [serialOf(2)])).toMatchObject({
      ok: true,
      value: { heardLocked: 0, seenLocked: 1, heardOpen: 0 },
    });
  });

  test('has not happened where the disk takes nothing', async () => {
    const { sweep, data, kept } = setUp();
    data.diskFull = true;
    expect((await sweep.sign(ids.ann, [])).ok).toBe(false);
    expect(kept).toEqual([]);
    data.diskFull = false;
    await sweep.sign(ids.ann, []);
    expect(data.events).toHaveLength(1);
    expect((await sweep.sign(ids.ann, [])).ok).toBe(ok(null).ok);
    expect(kept).toEqual(data.events);
  });
});
