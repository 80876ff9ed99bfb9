import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillGaps, type Gap } from './journal-gaps.ts';

test('in whatever order and batches numbers come, the gaps are those that have not', () => {
  const batches = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), {
    maxLength: 10,
  });
  fc.assert(
    fc.property(batches, (all) => {
      let gaps: Gap[] = [];
      let reached = 0;
      const come = new Set<number>();
      for (const batch of all) {
        const filled = batch.toSorted((a, b) => a - b);
        const around = gaps.filter(({ from, to }) => filled.some((each) => each >= from && each <= to));
        const change = fillGaps(reached, around, filled);
        gaps = [...gaps.filter((gap) => !change.closed.includes(gap)), ...change.opened];
        ({ reached } = change);
        for (const each of filled) come.add(each);
      }
      expect(reached).toBe(Math.max(0, ...come));
      const missing = gaps
        .toSorted((a, b) => a.from - b.from)
        .flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
      const never = Array.from({ length: reached }, (_, index) => index + 1).filter(
        (each) => !come.has(each),
      );
      expect(missing).toEqual(never);
    }),
  );
});
