import { expect, it } from 'vitest';
import type { PlannedStep, StepName } from './model-plan.ts';
import { findSmallestFailure, type Failure, type Trial } from './smallest-failure.ts';

const linesOf = (plan: readonly PlannedStep[]): string[] =>
  plan.map(({ name, counter, salt }) => `${counter} ${name} ${salt}`);

/** Fails where one step comes somewhere after another. */
const fails =
  (before: StepName, after: StepName) =>
  (plan: readonly PlannedStep[]): Promise<Trial> => {
    const names = plan.map(({ name }) => name);
    const first = names.indexOf(before);
    const isBroken = first >= 0 && names.lastIndexOf(after) > first;
    return Promise.resolve({ faults: isBroken ? ['lost'] : [], trace: linesOf(plan) });
  };

const search = async (
  seed: number,
  attempt: (plan: readonly PlannedStep[]) => Promise<Trial>,
  searchMs = 1,
): Promise<Failure | null> => findSmallestFailure({ seed, attempt, searchMs, now: () => 0 });

const firstFailure = async (): Promise<Failure & { seed: number }> => {
  for (let seed = 1; ; seed += 1) {
    const failure = await search(seed, fails('jump', 'unlock'));
    if (failure) return { ...failure, seed };
  }
};

it('leaves nothing in a failed run but the steps that it takes to fail', async () => {
  const { first, smallest } = await firstFailure();
  expect(smallest.faults).toEqual(['lost']);
  expect(smallest.trace.map((line) => line.split(' ')[1])).toEqual(['jump', 'unlock']);
  expect(first.trace.length).toBeGreaterThan(2);
  // What is left to chance in a step does not change when others are left out.
  const saltsAtFirst = first.trace.map((line) => line.split(' ').at(-1));
  for (const line of smallest.trace) expect(saltsAtFirst).toContain(line.split(' ').at(-1));
});

it('does the same again for the same seed', async () => {
  const { seed, ...failure } = await firstFailure();
  expect(await search(seed, fails('jump', 'unlock'))).toEqual(failure);
});

it('tries the plan of a seed that passes once', async () => {
  let tries = 0;
  const passes = (): Promise<Trial> => {
    tries += 1;
    return Promise.resolve({ faults: [], trace: [] });
  };
  expect(await search(3, passes)).toBeNull();
  expect(tries).toBe(1);
});

it('ends in time with the fewest steps that it has found so far', async () => {
  let time = 0;
  const slow = (plan: readonly PlannedStep[]): Promise<Trial> => {
    time += 10;
    return Promise.resolve({ faults: ['always'], trace: linesOf(plan) });
  };
  const failure = await findSmallestFailure({ seed: 4, attempt: slow, searchMs: -1, now: () => time });
  expect(failure?.tries).toBe(1);
  expect(failure?.smallest).toEqual(failure?.first);
});
