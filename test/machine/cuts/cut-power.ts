/**
 * The plug is pulled while somebody signs in and out. Lost with it are the memory of the machine, with what its kernel had not yet written,
 * and what the data disk was never told to keep. A disk, a kernel and a kiosk with a mistake in each show that losses are noticed.
 */
import { isDeepStrictEqual } from 'node:util';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptSchema, type Kept } from '../kiosk-core.ts';
import { startMachine } from '../machine.ts';
import { compareKept, lastOf, sure } from './compare.ts';
import { keptOn, type Judge } from './judge.ts';
import { liveOnce, type Cut, type LifeOptions, type SavedMachine } from './one-life.ts';
import { checkInside, saveCareless } from './prepare.ts';

export interface PowerCuts {
  readonly saved: SavedMachine;
  readonly judge: Judge;
  readonly cycles: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
  /** Where a disk on which something is lost is kept. */
  readonly evidence: string;
}

/** Cuts in one life, of which the last kills it. */
const cutsInLife = 10;
/** So often the machine boots on what a kill has left, and its own kiosk is asked. */
const bootsEvery = 100;
const controlCuts = 5;

interface Judged {
  readonly cut: Cut;
  readonly kept: Kept | null;
  /** How many of the load's events are there; what is wrong, where something is. */
  readonly verdict: number | string;
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Judges cuts of that machine from the event on that was its kiosk's last when it was saved. */
const judgeOf = async (saved: SavedMachine, judge: Judge): Promise<(cut: Cut) => Promise<Judged>> => {
  const since = lastOf(await keptOn(saved.data, judge));
  return async (cut) => {
    let kept: Kept | null = null;
    try {
      kept = await keptOn(cut.data, judge);
      return { cut, kept, verdict: compareKept(cut.acknowledged, kept, since) };
    } catch (error) {
      return { cut, kept, verdict: why(error) };
    }
  };
};

/** Boots on what was left, with the system's own disk as it was left, too. */
const bootOn = async (saved: SavedMachine, disk: string, { cut, kept }: Judged): Promise<string | null> => {
  const file = join(saved.options.work, 'boot.raw');
  writeFileSync(file, cut.data);
  const machine = await startMachine({ ...saved.options, disk, data: { file } });
  try {
    const inside = keptSchema.parse(await checkInside(machine));
    return isDeepStrictEqual(inside, kept) ? null : 'booted, it has something else than was on its disk';
  } finally {
    await machine.pullPlug();
  }
};

/** Answers how many cuts lost or doubled something. */
export const cutPower = async ({
  saved,
  judge,
  cycles,
  seed,
  tell,
  evidence,
}: PowerCuts): Promise<number> => {
  const judged = await judgeOf(saved, judge);
  let failed = 0;
  let cycle = 0;
  const onCut = async (cut: Cut): Promise<void> => {
    cycle += 1;
    const one = await judged(cut);
    const boots = cut.disk !== null && cycle % bootsEvery === 0 && typeof one.verdict === 'number';
    const inside = boots ? await bootOn(saved, cut.disk, one) : null;
    const idle =
      cut.disk !== null && sure(cut.acknowledged).length === 0 ? 'nothing was done in its life' : null;
    const wrong = typeof one.verdict === 'string' ? one.verdict : (inside ?? idle);
    const name = `power cut ${cycle} of ${cycles} (seed ${seed + cycle}, ${cut.told})`;
    if (wrong === null) {
      const booted = boots ? '; booted, the same' : '';
      tell(`ok     ${name}: ${sure(cut.acknowledged).length} acknowledged, ${one.verdict} there${booted}`);
      return;
    }
    failed += 1;
    tell(`FAILED ${name}: ${wrong}`);
    keepEvidence(evidence, seed + cycle, cut);
  };
  while (cycle < cycles) {
    const cuts = Math.min(cutsInLife, cycles - cycle);
    await liveOnce(saved, { seed: seed + cycle + 1, cuts }, onCut);
  }
  return failed;
};

const keepEvidence = (folder: string, seed: number, cut: Cut): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `cut-${seed}.raw`), cut.data);
  writeFileSync(
    join(folder, `cut-${seed}.json`),
    JSON.stringify({ told: cut.told, acknowledged: cut.acknowledged }),
  );
};

/** Mistakes, each of which has to be noticed. Answers how many were not. */
export const cutCareless = async ({ saved, judge, seed, tell }: PowerCuts): Promise<number> => {
  const unwritten = 'mount -o remount,barrier=0 /var/lib/latchpoint';
  const controls: readonly [string, SavedMachine, Pick<LifeOptions, 'lies' | 'before'>][] = [
    ['a disk that says "kept" and has not', saved, { lies: true }],
    ['a kernel that never tells the disk to keep', saved, { before: (machine) => machine.order(unwritten) }],
    ['a kiosk whose SQLite does not wait', await saveCareless(saved), {}],
  ];
  let missed = 0;
  for (const [name, machine, options] of controls) {
    const judged = await judgeOf(machine, judge);
    const noticed: string[] = [];
    await liveOnce(machine, { ...options, seed, cuts: controlCuts }, async (cut) => {
      const { verdict } = await judged(cut);
      if (typeof verdict === 'string') noticed.push(verdict);
    });
    const [first] = noticed;
    if (first === undefined) missed += 1;
    tell(
      first === undefined
        ? `FAILED control: ${name}: not noticed at ${controlCuts} cuts`
        : `ok     control: ${name}: noticed at ${noticed.length} of ${controlCuts} cuts, first: ${first}`,
    );
  }
  return missed;
};
