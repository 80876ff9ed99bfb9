import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterQuiet, afterWrongPin, attemptsLeft, noLockout, type Lockout } from './lockout.ts';

const seconds = 1_000;
const minutes = 60 * seconds;

/** The rules told second by second, without any arithmetic on spans of time. */
class PlainLockout {
  wrong = 0;
  lockedSeconds = 0;
  quietSeconds = 0;

  second(): void {
    if (this.wrong === 0) return;
    if (this.lockedSeconds > 0) {
      this.lockedSeconds -= 1;
      return;
    }
    this.quietSeconds += 1;
    if (this.quietSeconds < 600) return;
    this.quietSeconds = 0;
    this.wrong -= 1;
  }

  wrongPin(): void {
    const lengths = [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900];
    this.wrong = Math.min(10, this.wrong + 1);
    this.lockedSeconds = lengths[this.wrong] ?? 0;
    this.quietSeconds = 0;
  }
}

const steps = fc.array(
  fc.oneof(
    fc.constant({ wrong: true, seconds: 0 }),
    fc.integer({ min: 0, max: 2_000 }).map((length) => ({ wrong: false, seconds: length })),
  ),
  { maxLength: 40 },
);

describe('lockout', () => {
  test('agrees with the rules told second by second', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const plain = new PlainLockout();
        let lockout: Lockout = noLockout;
        for (const step of list) {
          if (step.wrong) {
            if (lockout.lockedMs > 0) continue;
            lockout = afterWrongPin(lockout);
            plain.wrongPin();
          } else {
            lockout = afterQuiet(lockout, step.seconds * seconds);
            for (let second = 0; second < step.seconds; second += 1) plain.second();
          }
          expect(lockout).toEqual({
            wrong: plain.wrong,
            lockedMs: plain.lockedSeconds * seconds,
            quietMs: plain.quietSeconds * seconds,
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  test('how time is cut into pieces makes no difference', () => {
    const spans = fc.array(fc.integer({ min: 0, max: 20 * minutes }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), spans, (wrong, list) => {
        let start: Lockout = noLockout;
        for (let count = 0; count < wrong; count += 1) start = afterWrongPin(start);
        const pieces = list.reduce(afterQuiet, start);
        const total = list.reduce((sum, span) => sum + span, 0);
        expect(pieces).toEqual(afterQuiet(start, total));
      }),
    );
  });

  test('five wrong PINs lock for 30 s, further ones for twice as long, up to 15 minutes', () => {
    const lengths: number[] = [];
    let lockout: Lockout = noLockout;
    for (let count = 0; count < 12; count += 1) {
      lockout = afterWrongPin(afterQuiet(lockout, lockout.lockedMs));
      lengths.push(lockout.lockedMs / seconds);
    }
    expect(lengths).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  test('fades by itself to nothing', () => {
    let lockout: Lockout = noLockout;
    for (let count = 0; count < 10; count += 1) lockout = afterWrongPin(lockout);
    expect(afterQuiet(lockout, 15 * minutes + 100 * minutes)).toEqual(noLockout);
  });

  test('time that runs back changes nothing', () => {
    const lockout = afterWrongPin({ wrong: 4, lockedMs: 0, quietMs: 0 });
    expect(afterQuiet(lockout, -5 * minutes)).toEqual(lockout);
  });

  test('says how many tries are left', () => {
    expect(attemptsLeft(noLockout)).toBe(5);
    expect(attemptsLeft({ wrong: 4, lockedMs: 0, quietMs: 0 })).toBe(1);
    expect(attemptsLeft({ wrong: 9, lockedMs: 0, quietMs: 0 })).toBe(0);
  });
});
