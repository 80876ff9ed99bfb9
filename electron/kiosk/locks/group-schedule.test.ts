/** Locks that are dead in every way there is, among others that are not: in simulated time, so that every instant counts. */
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import {
  answerWindowMs,
  connectWindowMs,
  mostAtWork,
  mostInAir,
  runSchedule,
  type GroupTask,
} from './group-schedule.ts';

/**
 * `live`: connects and answers. `silent`: advertises, and never connects. `mute`: connects and proves nothing. `swallows`:
 * takes the command and never answers. `slow`: answers later than others are kept waiting for it. `away`: is not heard.
 */
type Kind = 'live' | 'silent' | 'mute' | 'swallows' | 'slow' | 'away';

interface Lock {
  readonly kind: Kind;
  readonly connectMs: number;
  readonly talkMs: number;
}

interface Ended {
  readonly at: number;
  readonly how: 'over' | 'stopped' | 'out_of_time' | 'deadline';
  readonly tries: number;
}

const eachMs = 10_000;
const slowMs = 3_000;
const forEver = 3_600_000;

/** One radio that connects to one lock at a time, first come first served, and takes a moment to give up. */
const createRadio = (clock: ManualClock) => {
  let free: Promise<void> = Promise.resolve();
  return (ms: number, signal: AbortSignal): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const before = free;
    free = promise.then(() => undefined);
    void before.then(() => {
      const cancel = clock.after(ms, () => resolve(true));
      const giveUp = (): void => {
        cancel();
        resolve(false);
      };
      if (signal.aborted) giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
    });
    return promise;
  };
};

const simulate = (locks: readonly Lock[], each = eachMs) => {
  const clock = new ManualClock();
  const connect = createRadio(clock);
  const stop = new AbortController();
  const ends: (Ended | null)[] = locks.map(() => null);
  const busy = { connecting: 0, inAir: 0, mostConnecting: 0, mostInAir: 0 };
  const after = (ms: number): Promise<'due'> =>
    new Promise((resolve) => clock.after(ms, () => resolve('due')));
  const aborted = (signal: AbortSignal): Promise<'aborted'> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve('aborted');
      signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });

  const taskOf = ({ kind, connectMs, talkMs }: Lock, index: number): GroupTask => {
    let committed = false;
    let tries = 0;
    const end = (how: Ended['how']): void => {
      expect(ends[index]).toBeNull();
      ends[index] = { at: clock.monotonic(), how, tries };
    };
    const talk = { live: talkMs, slow: slowMs, silent: 0, mute: forEver, swallows: forEver, away: 0 }[kind];
    const attempt: GroupTask['tryOnce'] = async ({ dueAt, makeWay, moved }) => {
      const due = after(dueAt - clock.monotonic());
      const over = AbortSignal.any([makeWay, stop.signal]);
      busy.connecting += 1;
      busy.mostConnecting = Math.max(busy.mostConnecting, busy.connecting);
      const gaveUp = new AbortController();
      void Promise.race([due, aborted(over)]).then(() => gaveUp.abort());
      const connected = await connect(kind === 'silent' ? forEver : connectMs, gaveUp.signal);
      busy.connecting -= 1;
      if (!connected) return makeWay.aborted ? 'put_back' : (end('deadline'), 'over');
      if (kind === 'swallows') committed = true;
      moved('linked');
      const ending = await Promise.race([after(talk), ...(committed ? [] : [aborted(over)]), due]);
      if (ending === 'aborted' && makeWay.aborted) return 'put_back';
      end(clock.monotonic() >= dueAt ? 'deadline' : 'over');
      return 'over';
    };
    return {
      isHeard: () => kind !== 'away',
      isCommitted: () => committed,
      tryOnce: async (one) => {
        tries += 1;
        if (kind === 'away') {
          end('over');
          return 'over';
        }
        busy.inAir += 1;
        busy.mostInAir = Math.max(busy.mostInAir, busy.inAir);
        const outcome = await attempt(one);
        busy.inAir -= 1;
        return outcome;
      },
      end: (why) => {
        end(why);
        return Promise.resolve();
      },
    };
  };

  let isOver = false;
  const run = runSchedule({
    clock,
    eachMs: each,
    hearMs: 2_000,
    heard$: new Subject(),
    signal: stop.signal,
    tasks: locks.map(taskOf),
  }).then(() => {
    isOver = true;
  });
  return { clock, ends, busy, stop, run, isOver: () => isOver };
};

/** Until nothing is left to happen. */
const play = async (locks: readonly Lock[], each = eachMs) => {
  const scene = simulate(locks, each);
  await scene.clock.advance(20 * each + forEver);
  expect(scene.isOver()).toBe(true);
  await scene.run;
  return { ...scene, ends: scene.ends.map((end) => end ?? expect.unreachable('a lock without an end')) };
};

const times = { connectMs: fc.integer({ min: 20, max: 400 }), talkMs: fc.integer({ min: 20, max: 900 }) };
const lockOf = (...kinds: readonly Kind[]): fc.Arbitrary<Lock> =>
  fc.record({ kind: fc.constantFrom(...kinds), ...times });
const shuffled = (locks: readonly Lock[]): fc.Arbitrary<Lock[]> =>
  fc.shuffledSubarray([...locks], { minLength: locks.length });
/** As many dead ones as links are left beside those at work; any number that never get as far as a link. */
const store = fc
  .tuple(
    fc.array(lockOf('live'), { minLength: 1, maxLength: 12 }),
    fc.array(lockOf('silent', 'away'), { maxLength: 5 }),
    fc.array(lockOf('mute', 'swallows', 'slow'), { maxLength: mostInAir - mostAtWork }),
  )
  .chain((parts) => shuffled(parts.flat()));
const anyStore = fc.array(lockOf('live', 'silent', 'mute', 'swallows', 'slow', 'away'), {
  minLength: 1,
  maxLength: 14,
});

const endsOfLive = (locks: readonly Lock[], ends: readonly Ended[]): readonly Ended[] =>
  ends.filter((_end, index) => locks[index]?.kind === 'live');

/** Many runs in simulated time; how long that takes is the machine's business. */
const manyRuns = { timeout: 60_000 };

describe('a lock that is dead costs nobody else its deadline', manyRuns, () => {
  test('when the others are open does not depend on how long the dead are waited for', async () => {
    await fc.assert(
      fc.asyncProperty(store, async (locks) => {
        const short = await play(locks);
        const long = await play(locks, 6 * eachMs);
        expect(endsOfLive(locks, long.ends)).toEqual(endsOfLive(locks, short.ends));
      }),
      { numRuns: 40 },
    );
  });

  test('at most it delays them by the window that each lock has for its first try', async () => {
    await fc.assert(
      fc.asyncProperty(store, async (locks) => {
        const live = locks.filter(({ kind }) => kind === 'live');
        const alone = await play(live);
        const among = await play(locks);
        const windows = locks.map(({ kind, connectMs }) => {
          if (kind === 'silent') return connectWindowMs;
          return kind === 'live' || kind === 'away' ? 0 : connectMs + answerWindowMs;
        });
        const delay = windows.reduce((sum, ms) => sum + ms, 0);
        for (const [index, end] of endsOfLive(locks, among.ends).entries()) {
          expect(end).toMatchObject({ how: 'over', tries: 1 });
          expect(end.at).toBeLessThanOrEqual((alone.ends[index]?.at ?? 0) + delay);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('two that never connect, and each has its own ten seconds while the live one is long open', async () => {
    const silent: Lock = { kind: 'silent', connectMs: 0, talkMs: 0 };
    const live: Lock = { kind: 'live', connectMs: 100, talkMs: 100 };
    const { ends } = await play([silent, silent, live]);
    expect(ends[2]?.at).toBe(2 * connectWindowMs + 200);
    for (const { at, tries } of ends.slice(0, 2)) {
      expect(tries).toBeGreaterThan(1);
      expect(at).toBeGreaterThanOrEqual(eachMs);
      expect(at).toBeLessThanOrEqual(2 * connectWindowMs + eachMs);
    }
  });

  test('one that answers late is put back, and opens when it disturbs nobody', async () => {
    const slow: Lock = { kind: 'slow', connectMs: 50, talkMs: 0 };
    const live: Lock = { kind: 'live', connectMs: 100, talkMs: 100 };
    const { ends } = await play([slow, slow, slow, live]);
    expect(ends.map(({ how }) => how)).toEqual(['over', 'over', 'over', 'over']);
    expect(ends[3]?.at).toBeLessThan(slowMs);
  });
});

describe('whatever the locks are', manyRuns, () => {
  test('each ends once, one is connected to at a time, and the adapter’s links are enough', async () => {
    await fc.assert(
      fc.asyncProperty(anyStore, async (locks) => {
        const { ends, busy } = await play(locks);
        // One more is about to have made way.
        expect(busy.mostConnecting).toBeLessThanOrEqual(1 + 1);
        expect(busy.mostInAir).toBeLessThanOrEqual(mostInAir + 1);
        for (const end of endsOfLive(locks, ends)) expect(end.how).toBe('over');
      }),
      { numRuns: 60 },
    );
  });

  test('a stop ends what has not begun at once, and nothing begins afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(anyStore, fc.integer({ min: 0, max: 15_000 }), async (locks, stopAt) => {
        const scene = simulate(locks);
        await scene.clock.advance(stopAt);
        const begun = scene.ends.map((end) => end !== null);
        scene.stop.abort();
        await scene.clock.advance(0);
        for (const [index, end] of scene.ends.entries()) {
          const swallowed = locks[index]?.kind === 'swallows';
          if (!swallowed) expect(end).not.toBeNull();
          if (!begun[index] && end) expect(end.at).toBe(scene.clock.monotonic());
        }
        await scene.clock.advance(forEver);
        expect(scene.isOver()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
