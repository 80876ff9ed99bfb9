/** How soon a process that hangs is replaced, whenever it does, and that one which is only slow is left to it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeRadioProcess } from '#support/fake-radio-process.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { RadioState } from './port.ts';
import { createRadioClient } from './radio-client.ts';

/** Of what is promised from the end of the cause to a radio that listens, what a process takes to come up is left. */
const replacedWithinMs = 4_000;

interface Bench {
  readonly clock: ManualClock;
  readonly processes: FakeRadioProcess[];
  readonly states: RadioState[];
}

/** `made` is told of each process as it is made, none of which says anything by itself. */
const benchOf = (made: (process: FakeRadioProcess, clock: ManualClock) => void): Bench => {
  const clock = new ManualClock();
  const processes: FakeRadioProcess[] = [];
  const states: RadioState[] = [];
  const radio = createRadioClient({
    spawn: () => {
      const process = new FakeRadioProcess(processes.length + 1, false);
      processes.push(process);
      made(process, clock);
      return process;
    },
    clock,
    random: seededRandom(1),
    logger: createRecordingLogger(),
    config: {},
  });
  radio.state$.subscribe((state) => states.push(state));
  return { clock, processes, states };
};

const comesUp = (process: FakeRadioProcess, clock: ManualClock, afterMs: number): void => {
  clock.after(afterMs, () => {
    if (process.hanging || !process.living) return;
    process.say({ type: 'hello' });
    process.say({ type: 'state', state: 'ready' });
  });
};

const wasConfigured = ({ told }: FakeRadioProcess): boolean => told.some(({ type }) => type === 'start');

describe('a process that is kept running', { timeout: 60_000 }, () => {
  it('gets company while it has not said hello; one of the two is taken and the other ended', async () => {
    const { clock, processes, states } = benchOf((process, at) => {
      if (process.pid > 1) comesUp(process, at, 300);
    });
    await clock.advance(replacedWithinMs);
    expect(states.at(-1)).toBe('ready');
    expect(processes.map(({ living }) => living)).toEqual([false, true]);
    expect(processes.map(wasConfigured)).toEqual([false, true]);
    processes[0]!.say({ type: 'hello' });
    await clock.advance(60_000);
    expect(processes.map(wasConfigured)).toEqual([false, true]);
  });

  it('is never ended for being slow to begin, and is told nothing before it says hello', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25_000 }), async (comesUpMs) => {
        const { clock, processes, states } = benchOf((process, at) => comesUp(process, at, comesUpMs));
        await clock.advance(comesUpMs);
        expect(states.at(-1)).toBe('ready');
        expect(processes.length).toBeLessThanOrEqual(2);
        expect(processes.map(wasConfigured)).toEqual(processes.map((_, index) => index === 0));
        expect(processes.map(({ living }) => living)).toEqual(processes.map((_, index) => index === 0));
      }),
      { numRuns: 30 },
    );
  });

  it('is replaced within four seconds whenever it hangs, before it is up or after', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 8_000 }), async (hangsAtMs) => {
        const { clock, processes, states } = benchOf((process, at) => {
          at.after(100, () => process.say({ type: 'hello' }));
          if (process.pid > 1) comesUp(process, at, 200);
        });
        await clock.advance(hangsAtMs);
        const hanging = processes.at(-1)!;
        hanging.hanging = true;
        await clock.advance(replacedWithinMs);
        expect(hanging.living).toBe(false);
        expect(processes.at(-1)!.living).toBe(true);
        expect(states.at(-1)).toBe('ready');
      }),
      { numRuns: 40 },
    );
  });

  it('that never begins, with its company, makes room for two others after half a minute', async () => {
    const { clock, processes } = benchOf(() => undefined);
    await clock.advance(29_000);
    expect(processes.map(({ living }) => living)).toEqual([true, true]);
    await clock.advance(7_000);
    expect(processes.map(({ living }) => living)).toEqual([false, false, true, true]);
  });

  it('is ended with its company when the radio is', async () => {
    const clock = new ManualClock();
    const processes: FakeRadioProcess[] = [];
    const radio = createRadioClient({
      spawn: () => processes[processes.push(new FakeRadioProcess(1, false)) - 1]!,
      clock,
      random: seededRandom(1),
      logger: createRecordingLogger(),
      config: {},
    });
    await clock.advance(3_000);
    await radio.dispose();
    await clock.advance(60_000);
    expect(processes.map(({ living }) => living)).toEqual([false, false]);
  });
});
