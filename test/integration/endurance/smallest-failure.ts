/** Tries the plan of a seed and, where it fails, ever fewer of its steps: what is left is what a person has to read. */
import fc from 'fast-check';
import { planArbitrary, type PlannedStep } from './model-plan.ts';

export interface Trial {
  /** None if all agreed. */
  readonly faults: readonly string[];
  /** What was done, a line for each step. */
  readonly trace: readonly string[];
}

export interface Failure {
  /** The seed's own plan. */
  readonly first: Trial;
  /** The fewest of its steps that still fail. */
  readonly smallest: Trial;
  readonly tries: number;
}

export interface Search {
  readonly seed: number;
  readonly attempt: (plan: readonly PlannedStep[]) => Promise<Trial>;
  /** The seed's own plan has failed: now fewer steps are tried. */
  readonly onFailure?: (first: Trial) => void;
  /** For how long, in ms of `now`; an attempt that has begun is finished. */
  readonly searchMs: number;
  readonly now: () => number;
}

/** Null where the seed's plan passes. A seed always has the same plan. */
export const findSmallestFailure = async (search: Search): Promise<Failure | null> => {
  const { seed, attempt, onFailure, searchMs, now } = search;
  const failures: Trial[] = [];
  let tries = 0;
  let deadline = Infinity;
  const property = fc.asyncProperty(planArbitrary, async (plan) => {
    if (now() > deadline) return true;
    tries += 1;
    const trial = await attempt(plan);
    if (trial.faults.length === 0) return true;
    failures.push(trial);
    if (failures.length === 1) {
      onFailure?.(trial);
      deadline = now() + searchMs;
    }
    return false;
  });
  await fc.check(property, { seed, numRuns: 1, plugins: [fc.unbiased()] });
  const [first] = failures;
  return first ? { first, smallest: failures.at(-1) ?? first, tries } : null;
};
