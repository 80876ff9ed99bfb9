/**
 * The plug is pulled while somebody signs in and out. Lost with it are the memory of the machine, with what its kernel had not yet written,
 * and what the data disk was never told to keep. A disk, a kernel and a kiosk with a mistake in each show that losses are noticed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kept } from '../kiosk-core.ts';
import { lastOf, sure } from './compare.ts';
import type { Cut, LifeOptions, SavedMachine } from './one-life.ts';
import { judgeBoot, judgeCut, why } from './verdict.ts';

export interface PowerCuts {
  readonly saved: SavedMachine;
  readonly cycles: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
  /** Where a disk on which something is lost is kept. */
  readonly evidence: string;
  /** What the kiosk has of that disk; rejects where the file system or the kiosk does not come up on it. */
  readonly keptOn: (data: Buffer) => Promise<Kept>;
  /** What the machine's own kiosk has after a start on what was left, with the system's own disk as it was left, too. */
  readonly boot: (cut: Cut) => Promise<Kept>;
  readonly live: (
    saved: SavedMachine,
    options: LifeOptions,
    onCut: (cut: Cut) => Promise<void>,
  ) => Promise<void>;
}

/** Cuts in one life, of which the last kills it. */
const cutsInLife = 10;
/** So often, and on the last, the machine boots on what a kill has left, and its own kiosk is asked. */
const bootsEvery = 100;
const controlCuts = 5;

/** Answers how many cuts lost or doubled something. */
export const cutPower = async (cuts: PowerCuts): Promise<number> => {
  const { saved, cycles, seed, tell, evidence, keptOn } = cuts;
  const since = lastOf(await keptOn(saved.data));
  let failed = 0;
  let cycle = 0;
  const onCut = async (cut: Cut): Promise<void> => {
    cycle += 1;
    const one = await judgeCut(cut, since, keptOn);
    const isLast = cycle % bootsEvery === 0 || cycle === cycles;
    const boots = cut.disk !== null && isLast && one.wrong === null;
    const inside = boots ? await judgeBoot(one, cuts.boot) : null;
    const { there = 0, counted = 0 } = one.compared ?? {};
    const idle = cut.disk !== null && counted === 0 ? 'nothing was surely done in its life' : null;
    const wrong = one.wrong ?? inside ?? idle;
    const name = `power cut ${cycle} of ${cycles} (seed ${seed + cycle}, ${cut.told})`;
    if (wrong === null) {
      const acknowledged = sure(cut.acknowledged).length;
      const booted = boots ? '; booted, the same' : '';
      tell(
        `ok     ${name}: ${acknowledged} acknowledged, ${counted} of them judged, ${there} there${booted}`,
      );
      return;
    }
    failed += 1;
    keepEvidence(evidence, seed + cycle, cut, wrong);
    tell(`FAILED ${name}: ${wrong}`);
  };
  while (cycle < cycles) {
    const inLife = Math.min(cutsInLife, cycles - cycle);
    await cuts.live(saved, { seed: seed + cycle + 1, cuts: inLife }, onCut);
  }
  return failed;
};

const keepEvidence = (
  folder: string,
  seed: number,
  { data, told, acknowledged }: Cut,
  wrong: string,
): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `cut-${seed}.raw`), data);
  writeFileSync(join(folder, `cut-${seed}.json`), JSON.stringify({ told, acknowledged, wrong }));
};

export interface Control {
  readonly name: string;
  readonly machine: () => Promise<SavedMachine>;
  readonly options: Pick<LifeOptions, 'lies' | 'before'>;
}

/**
 * Mistakes, each of which has to be noticed, by what is lost: a disk that cannot be read shows nothing of it. Nothing of what was not kept
 * survives such a cut, so the file system is whole. Answers how many were not.
 */
export const cutCareless = async (
  { keptOn, live, seed, tell }: Pick<PowerCuts, 'keptOn' | 'live' | 'seed' | 'tell'>,
  controls: readonly Control[],
): Promise<number> => {
  const noticedIn = async ({ machine, options }: Control): Promise<string> => {
    const losses: string[] = [];
    const others: string[] = [];
    const saved = await machine();
    const since = lastOf(await keptOn(saved.data));
    await live(saved, { ...options, seed, cuts: controlCuts, survives: 0 }, async (cut) => {
      const { wrong, isLoss } = await judgeCut(cut, since, keptOn);
      if (wrong !== null) (isLoss ? losses : others).push(wrong);
    });
    const more = others.length > 0 ? `; ${others.length} could not be judged, first: ${others[0]}` : '';
    if (losses.length === 0) throw new Error(`no loss noticed at ${controlCuts} cuts${more}`);
    return `losses noticed at ${losses.length} of ${controlCuts} cuts, first: ${losses[0]}${more}`;
  };
  let missed = 0;
  for (const control of controls) {
    try {
      tell(`ok     control: ${control.name}: ${await noticedIn(control)}`);
    } catch (error) {
      missed += 1;
      tell(`FAILED control: ${control.name}: ${why(error)}`);
    }
  }
  return missed;
};
