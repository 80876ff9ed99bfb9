import { expect, it as base } from 'vitest';
import { createClaimants } from './claimants.ts';

const nobody: ReadonlySet<string> = new Set();

const it = base
  .extend('claimants', () => createClaimants(3_000))
  .extend('hear', ({ claimants }) => (now: number, ...peers: readonly string[]): void => {
    for (const peer of peers) claimants.heard(peer, now);
  })
  /** In the order in which they would be tried. */
  .extend('order', ({ claimants }) => (now: number): string[] => {
    const tried = new Set<string>();
    for (let peer = claimants.best(tried, now); peer !== null; peer = claimants.best(tried, now))
      tried.add(peer);
    return [...tried];
  });

it('tries the proven one first, then the one heard last, then those that failed, longest ago first', ({
  claimants,
  hear,
  order,
}) => {
  hear(0, 'a', 'b', 'c', 'd', 'e');
  claimants.failed('e', true);
  claimants.failed('a', false);
  claimants.proven('b');
  expect(order(0)).toEqual(['b', 'd', 'c', 'e', 'a']);
});

it('tries nobody who was not heard for three seconds, or could not be connected to since', ({
  claimants,
  hear,
  order,
}) => {
  hear(0, 'a');
  hear(2_000, 'b', 'c');
  claimants.forget('c');
  expect(order(3_001)).toEqual(['b']);
  expect(claimants.others(nobody, 3_001)).toBe(1);
  hear(3_001, 'c');
  expect(order(3_001)).toEqual(['c', 'b']);
});

it('lets only the proven one speak while it is heard', ({ claimants, hear }) => {
  hear(0, 'a', 'b');
  expect([claimants.speaks('a', 0), claimants.speaks('b', 0)]).toEqual([true, true]);
  claimants.proven('a');
  expect([claimants.speaks('a', 3_000), claimants.speaks('b', 3_000)]).toEqual([true, false]);
  expect(claimants.speaks('b', 3_001)).toBe(true);
});

it('takes the proof from a peer at which somebody else answers, and not from one that is out of reach', ({
  claimants,
  hear,
  order,
}) => {
  hear(0, 'a', 'b');
  claimants.proven('a');
  claimants.failed('a', false);
  expect(claimants.isProven('a')).toBe(true);
  claimants.failed('a', true);
  expect(claimants.isProven('a')).toBe(false);
  expect(order(0)).toEqual(['b', 'a']);
});

it('keeps sixteen peers, and the proven one whoever else is heard', ({ claimants, hear, order }) => {
  hear(0, 'lock');
  claimants.proven('lock');
  hear(0, ...Array.from({ length: 100 }, (_, n) => `stranger ${n}`));
  expect(order(0)).toHaveLength(16);
  expect(order(0)[0]).toBe('lock');
});
