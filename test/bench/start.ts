/**
 * `start`: the bundled core from spawn to ready with 10,000 keys on disk, all of it sealed, beyond a bare Node that
 * derives one key as it does, started in turns with it; and until
 * its page can be used. `memory`: what the same core then holds, and what the page weighs before a person can sign in and unlock.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { firstLoadGoal, firstLoadOf } from '#support/first-load.ts';
import { buildPages } from '../../build/scripts/build-pages.ts';
import { projectRoot } from '../../build/scripts/tasks.ts';
import type { Bench } from './bench.ts';
import { buildCore, proportionalSize, startBare, startCore } from './core-process.ts';
import { makeRegisteredKiosk } from './registered-kiosk.ts';
import { measurePageStart } from './start-page.ts';
import { median } from './statistics.ts';
import { inFolder } from './temporary-data.ts';

const keys = 10_000;
const locks = 2_000;
const runs = 9;
const memoryRuns = 5;
/** After the start's garbage has had time to go. */
const settleMs = 3_000;

export const start: Bench = {
  name: 'start',
  work: `bundled core from spawn to ready with ${keys} keys and ${locks} locks on disk`,
  run: () =>
    inFolder(async (folder) => {
      await buildCore();
      await buildPages();
      const passphraseFile = await makeRegisteredKiosk(folder, { keys, locks });
      const turns: { readonly core: number; readonly bare: number }[] = [];
      for (let run = -1; run < runs; run += 1) {
        const core = await startCore(folder, { passphraseFile });
        await core.stop();
        const bare = await startBare();
        await bare.stop();
        if (run >= 0) turns.push({ core: core.ms, bare: bare.ms });
      }
      const core = median(turns.map((turn) => turn.core));
      const bare = median(turns.map((turn) => turn.bare));
      return [
        {
          part: '',
          figure: median(turns.map((turn) => turn.core - turn.bare)),
          unit: 'ms beyond bare Node',
          goal: { relation: '<=', value: 120 },
          baseline: `median of ${runs}: ${core.toFixed(0)} ms against ${bare.toFixed(0)} ms of a bare Node that derives one key`,
        },
        await measurePageStart(folder, passphraseFile),
      ];
    }),
};

export const memory: Bench = {
  name: 'memory',
  work: `what the core holds with ${keys} keys, ${locks} locks, people and rules, and the page's script`,
  run: () =>
    inFolder(async (folder) => {
      await buildCore();
      await buildPages();
      const passphraseFile = await makeRegisteredKiosk(folder, { keys, locks, people: 'all' });
      const sizes: number[] = [];
      const bareSizes: number[] = [];
      for (let run = 0; run < memoryRuns; run += 1) {
        const bare = await startBare();
        const core = await startCore(folder, { passphraseFile });
        await wait(settleMs);
        sizes.push(await proportionalSize(core.process.pid ?? 0));
        bareSizes.push(await proportionalSize(bare.process.pid ?? 0));
        await core.stop();
        await bare.stop();
      }
      const { bytes, zipped, all } = firstLoadOf(join(projectRoot, 'dist/renderer'));
      return [
        {
          part: 'core',
          figure: median(sizes),
          unit: 'MB PSS',
          goal: { relation: '<=', value: 70 },
          baseline: `median of ${memoryRuns}; a bare Node beside it holds ${median(bareSizes).toFixed(0)} MB`,
        },
        {
          part: 'page',
          figure: zipped / 1000,
          unit: 'kB gzip at once',
          goal: { relation: '<=', value: firstLoadGoal },
          baseline: `${(bytes / 1000).toFixed(0)} kB before compression; all of the page ${(all / 1000).toFixed(0)} kB gzip`,
        },
      ];
    }),
};
