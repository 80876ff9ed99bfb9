/** From a machine whose kiosk is registered to the verdict over all cuts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../build/scripts/tasks.ts';
import type { Machine } from '../machine.ts';
import { cutCareless, cutPower } from './cut-power.ts';
import type { SavedMachine } from './one-life.ts';
import { saveAtWork, type DataDisk } from './prepare.ts';

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
  const cuts = { saved, judge, cycles, seed, tell, evidence };
  const failed = await cutPower(cuts);
  tell(`${cycles} power cuts: ${failed} with something lost, doubled or broken`);
  return failed + (await cutCareless(cuts));
};
