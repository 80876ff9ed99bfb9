import { describe, expect, it } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createRadioTurns } from './turns.ts';

describe('turns', () => {
  it('come one at a time, in order', async () => {
    const turns = createRadioTurns(new ManualClock());
    const order: number[] = [];
    const use = async (number: number): Promise<void> => {
      const done = await turns.take({ timeoutMs: 1_000 });
      order.push(number);
      await Promise.resolve();
      order.push(number);
      done();
    };
    await Promise.all([1, 2, 3].map(use));
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('are lost by whoever waits too long or leaves, and the next is not held up', async () => {
    const clock = new ManualClock();
    const turns = createRadioTurns(clock);
    const done = await turns.take({ timeoutMs: 1_000 });
    const late = turns.take({ timeoutMs: 10 });
    const refusedLate = expect(late).rejects.toMatchObject({ failure: 'timeout' });
    const abort = new AbortController();
    const left = turns.take({ timeoutMs: 1_000, signal: abort.signal });
    const refusedLeft = expect(left).rejects.toMatchObject({ failure: 'cancelled' });
    abort.abort();
    const next = turns.take({ timeoutMs: 1_000 });
    await clock.advance(20);
    await Promise.all([refusedLate, refusedLeft]);
    done();
    (await next)();
  });
});
