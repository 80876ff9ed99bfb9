import { expect, it } from 'vitest';
import { distanceWords, metresAt, positionOf } from './distance.ts';

it('goes from the dongle to beyond earshot', () => {
  expect(metresAt(0)).toBe(0.3);
  expect(metresAt(100)).toBe(40);
  expect(distanceWords(metresAt(100))).toBe('out of range');
  expect(distanceWords(1.24)).toBe('1.2 m');
});

it('puts the slider back where it was, within a step', () => {
  for (const metres of [0.3, 1, 2.5, 8, 20, 40]) {
    const back = metresAt(positionOf(metres));
    expect(Math.abs(back - metres)).toBeLessThanOrEqual(0.05 + metres * 0.03);
  }
});
