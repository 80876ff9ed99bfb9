/** How soon an adapter that falls silent is noticed while nothing is asked of it but to scan. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFakeNoble } from '#support/fake-noble.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createScanner } from './scanner.ts';

/** Leaves a second of what is promised for making the radio anew. */
const noticesWithinMs = 4_000;
/** Less than the time an answer may take, more than a busy adapter's. */
const slowestAnswerMs = 1_900;

it('an adapter that falls silent is noticed within four seconds; one that answers late never is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30_000 }),
      fc.integer({ min: 1, max: slowestAnswerMs }),
      async (livesMs, answersAfterMs) => {
        const clock = new ManualClock();
        const stuck: number[] = [];
        const startScanning = (): void => {
          const lives = clock.monotonic() < livesMs;
          if (lives) clock.after(answersAfterMs, () => noble.emit('scanStart'));
        };
        const { noble } = createFakeNoble({ hci: { readLeHostSupported: () => undefined }, startScanning });
        const onStuck = (): void => void stuck.push(clock.monotonic());
        const scanner = createScanner({ noble, clock, onStuck });
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
