import { expect, test } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { createServing, figuresOf } from './serving.ts';

const event = (kind: AccessEvent['kind'], seconds?: number) =>
  ({ kind, ...(seconds === undefined ? {} : { served: { seconds } }) }) as AccessEvent;

test.each([
  [[], 0, 0],
  [[7], 7, 7],
  [[30, 10], 10, 30],
  [[5, 1, 4, 2, 3], 3, 5],
  [[100, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5, 9],
])('of %j half waited at most %d and nine in ten at most %d', (seconds, median, ninetieth) => {
  expect(figuresOf(seconds)).toEqual({ count: seconds.length, median, ninetieth });
});

test('are told by group and by hour, with those whom nobody served', () => {
  const serving = createServing();
  serving.see(event('customer_served', 60), 'Spirits', 14);
  serving.see(event('customer_served', 20), 'Health', 9);
  serving.see(event('customer_served', 80), 'Spirits', 9);
  serving.see(event('customer_served', 5), null, 9);
  serving.see(event('customer_lapsed'), null, 9);
  serving.see(event('unlocked'), 'Spirits', 9);
  expect(serving.result()).toEqual({
    all: { count: 4, median: 20, ninetieth: 80 },
    lapsed: 1,
    groups: [
      { group: '', count: 1, median: 5, ninetieth: 5 },
      { group: 'Health', count: 1, median: 20, ninetieth: 20 },
      { group: 'Spirits', count: 2, median: 60, ninetieth: 80 },
    ],
    hours: [
      { hour: 9, count: 3, median: 20, ninetieth: 80 },
      { hour: 14, count: 1, median: 60, ninetieth: 60 },
    ],
  });
});
