import { expect, it } from 'vitest';
import { distanceWords, metresAt, positionOf } from './distance.ts';

it('goes from the dongle to beyond earshot', () => {
  expect(metresAt(0)).toBe(0.3);
  expect(metresAt(100)).toBe(40);
  expect(distanceWords(metresAt(100))).toBe('out of range');
  expect(distanceWords(1.24)).toBe('1.2 m');
});

it('puts the slider back where it was', () => {
  for (let position = 10; position <= 100; position += 1)
    expect(positionOf(metresAt(position))).toBeCloseTo(position, -0.5);
});
