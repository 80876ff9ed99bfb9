/** From a machine whose kiosk is registered to the verdict over all cuts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../build/scripts/tasks.ts';
import { keptSchema, type Kept } from '../kiosk-core.ts';
import { startMachine, type Machine } from '../machine.ts';
import { cutCareless, cutPower, type Control } from './cut-power.ts';
import { keptOn } from './judge.ts';
import { liveOnce, type Cut, type SavedMachine } from './one-life.ts';
import { checkInside, saveAtWork, saveCareless, type DataDisk } from './prepare.ts';

export interface PowerCutRun {
  readonly machine: Machine;
  readonly options: SavedMachine['options'];
  readonly data: DataDisk;
  readonly cycles: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
  readonly evidence: string;
  /** The backend is wanted no longer. */
  readonly onSaved: () => Promise<void>;
}

/** Nobody listens there: a kiosk that is looked at tells nobody. */
const nowhere = { backendUrl: 'http://127.0.0.1:9', radio: { h4: '127.0.0.1:9' } };

const bootOn = async ({ options }: SavedMachine, { data, disk }: Cut): Promise<Kept> => {
  if (disk === null) throw new Error('it was not killed');
  const file = join(options.work, 'boot.raw');
  writeFileSync(file, data);
  const machine = await startMachine({ ...options, disk, data: { file } });
  try {
    return keptSchema.parse(await checkInside(machine));
  } finally {
    await machine.pullPlug();
  }
};

const unwritten = 'mount -o remount,barrier=0 /var/lib/latchpoint';
const controlsFor = (saved: SavedMachine): readonly Control[] => [
  {
    name: 'a disk that says "kept" and has not',
    machine: () => Promise.resolve(saved),
    options: { lies: true },
  },
  {
    name: 'a kernel that never tells the disk to keep',
    machine: () => Promise.resolve(saved),
    options: { before: (machine) => machine.order(unwritten) },
  },
  { name: 'a kiosk whose SQLite does not wait', machine: () => saveCareless(saved), options: {} },
];

/** Answers how many cuts, and how many planted mistakes, did not end as they have to. */
export const runPowerCuts = async (run: PowerCutRun): Promise<number> => {
  const { machine, options, data, cycles, seed, tell, evidence } = run;
  const settings = JSON.parse(await machine.order('cat /etc/latchpoint/kiosk.json')) as {
    passphraseFile: string;
  };
  const passphraseFile = join(options.work, 'passphrase');
  const passphrase = await machine.order(`cat ${settings.passphraseFile}`);
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const saved = await saveAtWork(machine, options, data);
  await run.onSaved();
  tell(`seed ${seed}; a machine at work is saved`);
  const work = join(options.work, 'judged');
  mkdirSync(work);
  const config = { ...settings, ...nowhere, passphraseFile };
  const judge = { host: join(projectRoot, 'dist/browser-host/main.cjs'), config, work };
  const cuts = {
    ...{ saved, cycles, seed, tell, evidence, live: liveOnce },
    keptOn: (disk: Buffer) => keptOn(disk, judge),
    boot: (cut: Cut) => bootOn(saved, cut),
  };
  const failed = await cutPower(cuts);
  tell(`${cycles} power cuts: ${failed} with something lost, doubled or broken`);
  return failed + (await cutCareless(cuts, controlsFor(saved)));
};
