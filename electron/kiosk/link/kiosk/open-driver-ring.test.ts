/** What a lock has kept of its own doings, read by the open driver. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { readRing, mostEvents } from './driver/ring-reading.ts';
import type { AcceptedOf } from './driver/exchange.ts';

const actorHash = new Uint8Array(32).fill(9);
const limits = { deadlineMs: 10_000 };

const it = lockTest.extend('on', ({ lockBench: bench, lock, credentials }) => {
  const read = (after = 0) => bench.driver.events(serialNumber, credentials, after, limits);
  const tamper = (times: number): void => {
    for (let count = 0; count < times; count += 1) {
      lock.setTamper(true);
      lock.setTamper(false);
    }
  };
  return { bench, lock, credentials, read, tamper };
});

describe('events', () => {
  it('are what the lock did, with who caused it, by the lock\u2019s clock', async ({ on }) => {
    await on.bench.driver.unlock(serialNumber, on.credentials, { holdOpenSeconds: 5, actorHash }, limits);
    on.lock.setTamper(true);
    const answer = await on.read();
    expect(answer).toMatchObject({
      ok: true,
      value: {
        more: false,
        events: [
          { sequence: 1, kind: 'provisioned', actorHash: null },
          { sequence: 2, kind: 'unlocked', actorHash },
          { sequence: 3, kind: 'tampered', actorHash: null },
        ],
      },
    });
    if (!answer.ok) return;
    // The lock has learnt the time from the intermediate, which is a minute old.
    const [, unlocked] = answer.value.events;
    expect(unlocked?.at).toBe(Math.floor((on.bench.clock.now() - 60_000) / 1000) * 1000);
  });

  it('are read to the end over one link, though one answer holds only some', async ({ on }) => {
    on.tamper(120);
    const before = on.bench.radio.connections;
    const answer = await on.read();
    expect(on.bench.radio.connections - before).toBe(1);
    const sequences = answer.ok ? answer.value.events.map(({ sequence }) => sequence) : [];
    expect(sequences).toEqual(Array.from({ length: 100 }, (_, index) => 22 + index));
  });

  it('go on after a sequence number, and are none after the last', async ({ on }) => {
    on.tamper(9);
    const sequences = async (after: number): Promise<number[]> => {
      const answer = await on.read(after);
      return answer.ok ? answer.value.events.map(({ sequence }) => sequence) : [-1];
    };
    expect(await sequences(7)).toEqual([8, 9, 10]);
    expect(await sequences(10)).toEqual([]);
    expect(await sequences(4_000_000_000)).toEqual([]);
  });

  it('change nothing, so they commit to nothing and a silent lock is a timeout', async ({ on }) => {
    let committed = false;
    on.bench.radio.frameFault = (direction) => (direction === 'toKiosk' ? 'vanish' : 'deliver');
    const asking = Promise.withResolvers<undefined>();
    const answer = on.bench.driver.events(serialNumber, on.credentials, 0, {
      ...limits,
      onStage: (stage) => stage === 'authenticate' && asking.resolve(undefined),
      onCommitted: () => (committed = true),
    });
    await asking.promise;
    await on.bench.clock.advance(10_000);
    expect(await answer).toEqual(fail('lock.answer_timeout', { serialNumber }));
    expect(committed).toBe(false);
  });
});

describe('a ring that the lock tells badly', () => {
  const page = (sequences: readonly number[], more: boolean): AcceptedOf<'events'> => ({
    type: 'events',
    events: sequences.map((sequence) => ({ sequence, at: 1, kind: 'unlocked', actorHash: null })),
    more,
  });
  const protocol = fail('lock.protocol', { serialNumber });
  const never = (): Promise<never> => Promise.reject(new Error('asked on'));

  it.each([
    ['goes back', page([4, 3], false)],
    ['repeats itself', page([3, 3], false)],
    ['begins before what was asked for', page([2], false)],
    ['says that there is more and tells none', page([], true)],
  ])('that %s is refused', async (_name, first) => {
    expect(await readRing(serialNumber, 2, first, never)).toEqual(protocol);
  });

  it('that never ends is left after as many as any ring holds', async () => {
    let next = 0;
    const endless = (): AcceptedOf<'events'> =>
      page(
        Array.from({ length: 32 }, () => ++next),
        true,
      );
    const answer = await readRing(serialNumber, 0, endless(), () => Promise.resolve(ok(endless())));
    expect(answer).toMatchObject({ ok: true, value: { more: true } });
    expect(answer.ok && answer.value.events).toHaveLength(mostEvents);
  });
});
