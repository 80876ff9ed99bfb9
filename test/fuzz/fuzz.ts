/**
 * Feeds broken bytes to every target in turn. Inputs that go a new way are kept and broken further. Collects what it finds,
 * and how much memory is in use after garbage has been collected.
 */
import type { Random } from '#kiosk/platform/random.ts';
import { mutate } from './mutate.ts';
import { readOne, type FuzzTarget } from './target.ts';

export interface Finding {
  readonly target: string;
  readonly bytes: Uint8Array;
  readonly problem: string;
}

export interface FuzzReport {
  /** Inputs, and ways that they went, by target. */
  readonly counts: readonly {
    readonly target: string;
    readonly inputs: number;
    readonly ways: number;
    /** Milliseconds of the slowest. */
    readonly slowest: number;
  }[];
  readonly findings: readonly Finding[];
  /** Bytes in use, at even distances. */
  readonly memory: readonly number[];
}

export interface FuzzOptions {
  readonly targets: readonly FuzzTarget[];
  readonly random: Random;
  /** Asked after every round of inputs. */
  readonly goOn: () => boolean;
  /** Called before an input is read, so that one that never ends can be named. */
  readonly before?: (target: number, bytes: Uint8Array) => void;
  /** Bytes in use, after a collection; called after every round. */
  readonly memoryInUse?: () => number;
}

const inputsPerTurn = 200;
const costlyInputsPerTurn = 10;
/** Inputs that are kept per target, beside its corpus: enough to go on from, little enough to stay small. */
const mostKept = 300;
/** Findings of one target that are worth keeping apart. */
const mostFindings = 5;

interface Progress {
  readonly target: FuzzTarget;
  readonly pool: Uint8Array[];
  readonly ways: Set<string>;
  inputs: number;
  slowest: number;
  found: number;
}

export const fuzz = (options: FuzzOptions): FuzzReport => {
  const { random } = options;
  const findings: Finding[] = [];
  const memory: number[] = [];
  const all = options.targets.map((target): Progress => ({
    target,
    pool: [...target.corpus],
    ways: new Set(),
    inputs: 0,
    slowest: 0,
    found: 0,
  }));
  const feed = (progress: Progress, index: number): void => {
    const bytes = mutate(progress.pool, random);
    options.before?.(index, bytes);
    const began = performance.now();
    const { way, problem } = readOne(progress.target, bytes);
    progress.inputs += 1;
    progress.slowest = Math.max(progress.slowest, performance.now() - began);
    if (problem !== null && progress.found < mostFindings) {
      progress.found += 1;
      findings.push({ target: progress.target.name, bytes, problem });
    }
    if (progress.ways.has(way) || progress.ways.size >= mostKept) return;
    progress.ways.add(way);
    progress.pool.push(bytes);
  };
  while (options.goOn()) {
    for (const [index, progress] of all.entries()) {
      const turn = progress.target.costly === true ? costlyInputsPerTurn : inputsPerTurn;
      for (let count = 0; count < turn; count += 1) feed(progress, index);
    }
    if (options.memoryInUse) memory.push(options.memoryInUse());
  }
  const counts = all.map(({ target, inputs, ways, slowest }) => ({
    target: target.name,
    inputs,
    ways: ways.size,
    slowest,
  }));
  return { counts, findings, memory };
};

/** Bytes by which the later half of the samples lies above the one before; the first tenth, warming up, is left out. */
export const growth = (samples: readonly number[]): number => {
  const warm = samples.slice(Math.ceil(samples.length / 10));
  const middle = warm.length >> 1;
  const median = (values: readonly number[]): number =>
    [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
  return median(warm.slice(middle)) - median(warm.slice(0, middle));
};
