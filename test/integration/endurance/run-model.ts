/** Runs seeds of the model one after the other, and says which failed and why. */
import { runModelSeed } from './model-run.ts';
import { startKioskProcesses, type KioskProcesses } from './model-processes.ts';
import { createModelWorld, type ModelWorld } from './model-world.ts';

export interface ModelOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly say: (line: string) => void;
}

export interface FailedSeed {
  readonly seed: number;
  readonly faults: readonly string[];
}

export const runModel = async ({ firstSeed, seeds, say }: ModelOptions): Promise<FailedSeed[]> => {
  const failed: FailedSeed[] = [];
  const world = await createModelWorld();
  let processes = startKioskProcesses();
  const began = performance.now();
  try {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
      const { faults, trace } = await runOne(world, processes, seed);
      const done = seed - firstSeed + 1;
      if (faults.length > 0) {
        failed.push({ seed, faults });
        say([`seed ${String(seed)} failed:`, ...faults, 'its steps:', ...trace].join('\n  '));
        await processes.dispose();
        processes = startKioskProcesses();
      }
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

const runOne = async (
  world: ModelWorld,
  processes: KioskProcesses,
  seed: number,
): Promise<{ readonly faults: readonly string[]; readonly trace: readonly string[] }> => {
  const trace: string[] = [];
  try {
    const run = runModelSeed(world, processes, seed, (line) => trace.push(line));
    return { faults: await Promise.race([run, processes.crashed]), trace };
  } catch (error) {
    return { faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)], trace };
  }
};
