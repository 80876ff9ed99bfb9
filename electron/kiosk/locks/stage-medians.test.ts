import { expect, test } from 'vitest';
import { createStageMedians } from './stage-medians.ts';

test('there are none before the first success', () => {
  expect(createStageMedians().medians()).toBeNull();
});

test('each stage has its own median, of the last 21', () => {
  const medians = createStageMedians();
  for (let run = 0; run < 30; run += 1) medians.add({ find: 9_000, connect: 9_000 });
  for (let run = 0; run < 21; run += 1) medians.add({ find: run, connect: 100 + run, actuate: 60 });
  medians.add({ find: 10, connect: 110, actuate: 61 });
  expect(medians.medians()).toEqual({ find: 10, connect: 110, actuate: 60 });
});
