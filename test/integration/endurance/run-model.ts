/** Runs seeds of the model one after the other, and says of those that fail why and in how few steps. */
import type { PlannedStep } from './model-plan.ts';
import { runModelSeed } from './model-run.ts';
import { startKioskProcesses, type KioskProcesses } from './model-processes.ts';
import { createModelWorld, type ModelWorld } from './model-world.ts';
import { findSmallestFailure, type Failure, type Trial } from './smallest-failure.ts';

export interface ModelOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly say: (line: string) => void;
  /** For how long, in ms, fewer steps are looked for that fail; 0 tells the failure at once. */
  readonly searchMs?: number;
}

export interface FailedSeed {
  readonly seed: number;
  readonly faults: readonly string[];
}

/** Each try has a backend of its own. */
const searchAtMostMs = 5 * 60_000;

export const runModel = async ({
  firstSeed,
  seeds,
  say,
  searchMs = searchAtMostMs,
}: ModelOptions): Promise<FailedSeed[]> => {
  const failed: FailedSeed[] = [];
  const world = await createModelWorld();
  let processes = startKioskProcesses();
  const began = performance.now();

  const runSeed = async (seed: number): Promise<Failure | null> => {
    let isFirst = true;
    const attempt = async (plan: readonly PlannedStep[]): Promise<Trial> => {
      if (!isFirst) return alone({ seed, plan });
      isFirst = false;
      return tryPlan(world, processes, { seed, plan });
    };
    const onFailure = ({ faults, trace }: Trial): void => {
      say([`seed ${String(seed)} failed after ${String(trace.length)} steps:`, ...faults].join('\n  '));
      say(`looking for fewer steps that fail, for ${String(searchMs / 60_000)} minutes at most`);
    };
    return findSmallestFailure({ seed, attempt, onFailure, searchMs, now: () => performance.now() });
  };

  try {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
      const failure = await runSeed(seed);
      if (failure) {
        failed.push({ seed, faults: failure.first.faults });
        say(inWords(failure));
        await processes.dispose();
        processes = startKioskProcesses();
      }
      const done = seed - firstSeed + 1;
      if (done % 10 === 0) {
        const each = ((performance.now() - began) / 1000 / done).toFixed(2);
        say(`${String(done)} seeds, ${String(failed.length)} failed, ${each} s each`);
      }
    }
    return failed;
  } finally {
    await processes.dispose();
    await world.dispose();
  }
};

interface Planned {
  readonly seed: number;
  readonly plan: readonly PlannedStep[];
}

/** With nothing of earlier runs: a plan that has failed may have left anything behind. */
const alone = async (planned: Planned): Promise<Trial> => {
  const world = await createModelWorld();
  const processes = startKioskProcesses();
  try {
    return await tryPlan(world, processes, planned);
  } finally {
    await processes.dispose();
    await world.dispose();
  }
};

const tryPlan = async (world: ModelWorld, processes: KioskProcesses, planned: Planned): Promise<Trial> => {
  const trace: string[] = [];
  try {
    const run = runModelSeed(world, processes, planned, (line) => trace.push(line));
    return { faults: await Promise.race([run, processes.crashed]), trace };
  } catch (error) {
    return { faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)], trace };
  }
};

const inWords = ({ first, smallest, tries }: Failure): string => {
  const head =
    smallest === first
      ? `no fewer steps failed in ${String(tries - 1)} tries; they were:`
      : `${String(smallest.trace.length)} steps are enough, found in ${String(tries - 1)} tries:`;
  return [head, ...smallest.trace, 'and then:', ...smallest.faults].join('\n  ');
};
