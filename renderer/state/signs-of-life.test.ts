import { expect, test } from 'vitest';
import { createSignsOfLife } from './signs-of-life.ts';

const setUp = () => {
  let now = 0;
  let told = 0;
  const touch = createSignsOfLife(
    () => (told += 1),
    () => now,
  );
  return {
    /** How often it was told while somebody touched the screen so many times, 200 ms after each other. */
    touches: (times: number, asked = false): number => {
      const before = told;
      for (let at = 0; at < times; at += 1) {
        touch(asked);
        now += 200;
      }
      return told - before;
    },
  };
};

test('the first touch is told at once, and then no more than one in two seconds', () => {
  const { touches } = setUp();
  expect(touches(1)).toBe(1);
  expect(touches(9)).toBe(0);
  expect(touches(1)).toBe(1);
  expect(touches(100)).toBe(10);
});

test('how many digits a PIN has is not told by it', () => {
  expect(setUp().touches(4)).toBe(setUp().touches(8));
});

test('whoever is asked whether they are there answers with each touch', () => {
  const { touches } = setUp();
  expect(touches(3, true)).toBe(3);
});
