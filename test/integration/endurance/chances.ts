/** Chance that hangs on what it is for, and on nothing that happens beside it: a run then goes the same way again. */
import { createHash } from 'node:crypto';
import type { Random } from '#kiosk/platform/random.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';

/** The randomness for one thing; the next call for the same thing gets the next. */
export type Chances = (what: string) => Random;

export const createChances = (seed: number): Chances => {
  const counts = new Map<string, number>();
  return (what) => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    return seededRandom(
      createHash('sha256')
        .update(`${String(seed)} ${what} ${String(count)}`)
        .digest()
        .readUInt32BE(),
    );
  };
};
