/** `npm run conformance -- --driver PATH [--json FILE]`: whether a lock driver keeps what docs/driver.md promises. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createOpenWorlds, type OpenWorld } from '../../test/conformance/open-world.ts';
import { runChecks, type CheckReport } from '../../test/conformance/run-checks.ts';
import type { DriverModule } from '../../test/conformance/world.ts';
import { readCommandLine } from './command-line.ts';

/** Only the functions' presence can be seen from here; what they are given and answer, the checks find out. */
const isDriverModule = (value: object): value is DriverModule<OpenWorld> =>
  'createDriver' in value &&
  typeof value.createDriver === 'function' &&
  (!('createWorld' in value) || typeof value.createWorld === 'function');

const readModule = async (path: string): Promise<DriverModule<OpenWorld>> => {
  const module: unknown = await import(pathToFileURL(resolve(path)).href);
  if (typeof module === 'object' && module !== null && isDriverModule(module)) return module;
  throw new Error(`${path} exports no createDriver(world)`);
};

const words = { kept: 'ok     ', broken: 'BROKEN ', skipped: 'skipped' } as const;
const tell = ({ id, promise, outcome, detail }: CheckReport): void =>
  console.log(`${words[outcome]} ${id}: ${promise}${detail === '' ? '' : `\n          ${detail}`}`);

const { driver, json } = readCommandLine('conformance', (args) => {
  const options = { driver: { type: 'string' }, json: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options, strict: true });
  if (values.driver === undefined) throw new Error('Which driver? --driver is missing.');
  return { driver: values.driver, json: values.json };
});
try {
  const module = await readModule(driver);
  const worlds = await createOpenWorlds();
  const reports = await runChecks(module, () => module.createWorld?.() ?? worlds.create(), { told: tell });
  await worlds.dispose();
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(reports, null, 2)}\n`);
  const count = (outcome: CheckReport['outcome']): number =>
    reports.filter((report) => report.outcome === outcome).length;
  console.log(`${count('kept')} kept, ${count('broken')} broken, ${count('skipped')} skipped`);
  process.exit(count('broken') === 0 ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
