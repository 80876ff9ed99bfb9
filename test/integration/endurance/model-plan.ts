/** What is done in one seed of the model, drawn before anything runs: so that steps can be left out until few are left. */
import fc from 'fast-check';

/** About how many of a hundred steps are of which kind. */
const weights = [
  [13, 'capture'],
  [12, 'unlock'],
  [21, 'sync'],
  [4, 'retry'],
  [3, 'abandon'],
  [3, 'provision'],
  [9, 'network'],
  [6, 'jump'],
  [6, 'restart'],
  [1, 'night'],
  [7, 'vendor'],
  [3, 'renewal'],
  [3, 'locks'],
  [4, 'new lock'],
  [6, 'wait'],
  [3, 'backup'],
  [3, 'restore'],
  [2, 'forgery'],
  [1, 'revocation'],
  [2, 'hostile'],
] as const;

export type StepName = (typeof weights)[number][1];

export interface PlannedStep {
  readonly name: StepName;
  /** Which of the kiosks. */
  readonly counter: number;
  /** All that the step leaves to chance comes from this, so it stays the same whatever is done before it. */
  readonly salt: number;
}

const longestPlan = 80;

const stepArbitrary: fc.Arbitrary<PlannedStep> = fc.record({
  name: fc.oneof(...weights.map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) }))),
  counter: fc.nat({ max: 2 }),
  // A smaller number makes no simpler step.
  salt: fc.noShrink(fc.nat()),
});

/** Forty steps on average; simpler is fewer. */
export const planArbitrary: fc.Arbitrary<PlannedStep[]> = fc.array(stepArbitrary, {
  maxLength: longestPlan,
  size: 'max',
});
