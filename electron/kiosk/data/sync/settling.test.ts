import { expect, test } from 'vitest';
import { settling } from './settling.ts';

const createReplica = () => {
  const settled: number[] = [];
  return {
    acknowledged: 3,
    timesGoneBack: 0,
    settled,
    settle: (sequence: number) => void settled.push(sequence),
  };
};

test('a pull speaks of what was acknowledged before it began, and not of what was meanwhile', () => {
  const replica = createReplica();
  const settle = settling(replica);
  replica.acknowledged = 5;
  settle();
  expect(replica.settled).toEqual([3]);
});

test('of a backend that has gone back meanwhile it speaks of nothing', () => {
  const replica = createReplica();
  const settle = settling(replica);
  replica.timesGoneBack += 1;
  settle();
  expect(replica.settled).toEqual([]);
});
