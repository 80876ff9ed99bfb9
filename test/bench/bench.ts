/** What a benchmark is: work whose figures are held against a goal and against something measured in the same run. */

export interface Goal {
  readonly relation: '<=' | '>=';
  readonly value: number;
}

export interface Measured {
  /** Empty for the benchmark's main figure, else what it is called beside it ("p95"). */
  readonly part: string;
  readonly figure: number;
  readonly unit: string;
  readonly goal: Goal;
  /** What it was compared with in the same run, in words and numbers. */
  readonly baseline: string;
}

/** How large a bench of the backend is, where the command line says it. */
export interface Sizes {
  readonly kiosks: number;
  /** In which they come. */
  readonly withinMs: number;
}
export const defaultSizes: Sizes = { kiosks: 10_000, withinMs: 10_000 };

export interface Bench {
  readonly name: string;
  /** One line: what is done and measured. */
  readonly work: string;
  run(sizes: Sizes): Promise<readonly Measured[]>;
}

export interface Row {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly goal: string;
  readonly met: boolean;
  readonly baseline: string;
}

const isMet = (figure: number, goal: Goal): boolean =>
  goal.relation === '<=' ? figure <= goal.value : figure >= goal.value;

const decimals = 3;

/** A figure that is not a number is never met. */
export const toRow = (bench: string, measured: Measured): Row => ({
  name: measured.part === '' ? bench : `${bench}.${measured.part}`,
  figure: Number(measured.figure.toFixed(decimals)),
  unit: measured.unit,
  goal: `${measured.goal.relation} ${measured.goal.value}`,
  met: isMet(measured.figure, measured.goal),
  baseline: measured.baseline,
});
