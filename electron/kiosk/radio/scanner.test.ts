/** How soon an adapter that falls silent, or does not scan, is noticed while nothing is asked of it but to scan. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeNoble } from '#support/fake-noble.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { watchCommands } from './command-answers.ts';
import { opcode } from './hci-events.ts';
import { createScanner, type Scanner } from './scanner.ts';

/** Leaves a second of what is promised for making the radio anew. */
const noticesWithinMs = 4_000;
/** Less than the time an answer may take, more than a busy adapter's. */
const slowestAnswerMs = 1_900;
/** Of one that refuses to scan: a second look, and a margin. */
const refusalNoticedMs = 500;
const disallowed = 0x0c;

interface Bench {
  readonly clock: ManualClock;
  readonly scanner: Scanner;
  readonly listening: boolean[];
  /** When the adapter was given up. */
  readonly stuck: number[];
  readonly starts: () => number;
}

interface Adapter {
  /** The status that it answers a start with; null for silence. */
  readonly answer: (now: number) => number | null;
  readonly answersAfterMs?: number;
  readonly isBusy?: () => boolean;
}

const bench = ({ answer, answersAfterMs = 1, isBusy = () => false }: Adapter): Bench => {
  const clock = new ManualClock();
  const stuck: number[] = [];
  const listening: boolean[] = [];
  let starts = 0;
  const onCommand = (code: number, parameters: Uint8Array): void => {
    if (code !== opcode.leSetScanEnable) return;
    if (parameters[0] === 1) starts += 1;
    const status =
      parameters[0] === 1 ? answer(clock.monotonic()) : answer(clock.monotonic()) === null ? null : 0;
    if (status === null) return;
    const packet = Buffer.from([4, 0x0e, 4, 1, code & 0xff, code >> 8, status]);
    clock.after(answersAfterMs, () => socket.emit('data', packet));
  };
  const { noble, socket } = createFakeNoble({ hci: { onCommand } });
  const answers = watchCommands(socket);
  const onStuck = (): void => void stuck.push(clock.monotonic());
  const scanner = createScanner({ noble, clock, answers, isBusy, onStuck });
  scanner.listening$.subscribe((listens) => listening.push(listens));
  return { clock, scanner, listening, stuck, starts: () => starts };
};

describe('the scan', () => {
  it('an adapter that falls silent is noticed within four seconds; one that answers late never is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30_000 }),
        fc.integer({ min: 1, max: slowestAnswerMs }),
        async (livesMs, answersAfterMs) => {
          const { clock, scanner, stuck } = bench({
            answer: (now) => (now < livesMs ? 0 : null),
            answersAfterMs,
          });
          scanner.start();
          await clock.advance(livesMs);
          expect(stuck).toEqual([]);
          await clock.advance(noticesWithinMs);
          scanner.dispose();
          expect(stuck[0]).toBeLessThanOrEqual(livesMs + noticesWithinMs);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('an adapter that refuses to scan is given up at the second refusal, and never said to listen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 0xff }), async (status) => {
        const { clock, scanner, stuck, listening } = bench({ answer: () => status });
        scanner.start();
        await clock.advance(refusalNoticedMs);
        expect(stuck).toHaveLength(1);
        expect(listening).toEqual([false]);
        scanner.dispose();
      }),
    );
  });

  it('one refusal between two scans is gone over', async () => {
    const { clock, scanner, stuck, listening } = bench({
      answer: (now) => (now > 1_900 && now < 2_200 ? disallowed : 0),
    });
    scanner.start();
    await clock.advance(60_000);
    expect(listening).toEqual([false, true, false, true]);
    expect(stuck).toEqual([]);
    scanner.dispose();
  });

  it('a refusal beside a link does not cost the link, is not called listening, and is tried again when it has ended', async () => {
    let busy = true;
    const { clock, scanner, stuck, listening, starts } = bench({
      answer: () => (busy ? disallowed : 0),
      isBusy: () => busy,
    });
    scanner.start();
    await clock.advance(30_000);
    expect(stuck).toEqual([]);
    expect(listening).toEqual([false]);
    busy = false;
    const before = starts();
    scanner.retry();
    expect(starts()).toBe(before + 1);
    await clock.advance(1);
    expect(listening).toEqual([false, true]);
    scanner.dispose();
  });

  it('does not listen while it is paused, waits for the stop to be answered, and does so when that is refused', async () => {
    const { clock, scanner, listening } = bench({ answer: () => 0, answersAfterMs: 7 });
    scanner.start();
    await clock.advance(7);
    let paused = false;
    void scanner.pause().then(() => (paused = true));
    expect(listening.at(-1)).toBe(false);
    await clock.advance(6);
    expect(paused).toBe(false);
    await clock.advance(1);
    expect(paused).toBe(true);
    scanner.resume();
    await clock.advance(7);
    expect(listening.at(-1)).toBe(true);
    scanner.dispose();
  });
});
