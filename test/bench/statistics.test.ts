import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRow } from './bench.ts';
import { median, quantile } from './statistics.ts';

test('the median of an odd and of an even number of values', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a quantile lies within the values and grows with its share', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, (list, a, b) => {
      const low = quantile(list, Math.min(a, b));
      const high = quantile(list, Math.max(a, b));
      expect(low).toBeGreaterThanOrEqual(Math.min(...list));
      expect(high).toBeLessThanOrEqual(Math.max(...list));
      expect(low).toBeLessThanOrEqual(high);
    }),
  );
});

test('a goal is met at its bound, missed beyond it, and never met by no number', () => {
  const row = (figure: number, relation: '<=' | '>=') =>
    toRow('x', { part: 'p95', figure, unit: 'ms', goal: { relation, value: 10 }, baseline: '' });
  expect(row(10, '<=')).toMatchObject({ name: 'x.p95', goal: '<= 10', met: true });
  expect(row(10.001, '<=').met).toBe(false);
  expect(row(10, '>=').met).toBe(true);
  expect(row(Number.NaN, '<=').met).toBe(false);
  expect(row(Number.NaN, '>=').met).toBe(false);
});
