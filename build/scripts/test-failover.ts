/**
 * `npm run test:failover -- [--kiosks N] [--case NAME …]`: two instances of the backend before two PostgreSQL under Patroni, with
 * load from kiosks and the vendor's outbox; servers, network, etcd, pooler and disk fail. Exits 1 if something acknowledged is lost,
 * something is registered twice, or somebody does not come back by himself; 2 where the programs can't be had.
 */
import { parseArgs } from 'node:util';
import { failoverCases } from '../../test/failover/cases.ts';
import { findPrograms } from '../../test/failover/programs.ts';
import { runFailover } from '../../test/failover/run-failover.ts';
import { inWorkFolder } from '../../test/failover/work-folder.ts';
import { readCommandLine } from './command-line.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const names = failoverCases.map(({ name }) => name);
const tell = (line: string): void => console.log(line);

const options = readCommandLine('test-failover', (args) => {
  const { values } = parseArgs({
    args,
    options: {
      kiosks: { type: 'string', default: '24' },
      case: { type: 'string', multiple: true, default: [] },
    },
    strict: true,
  });
  const kiosks = Number(values.kiosks);
  if (!Number.isInteger(kiosks) || kiosks < 1 || kiosks > 1_000) throw new Error('--kiosks takes 1 to 1000');
  const unknown = values.case.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no case ${unknown}: ${names.join(', ')}`);
  return { kiosks, cases: values.case };
});
const programs = findPrograms(tell);
if (!programs) {
  tell('NOT RUN: no case could be run');
  process.exit(exitCode.couldNotRun);
}
await inWorkFolder('failover', tell, async (folder) => {
  const faults = await runFailover(folder, programs, { ...options, say: tell });
  for (const fault of faults) tell(fault);
  tell(faults.length === 0 ? 'nothing lost, nothing twice, everybody back' : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : exitCode.failed;
  return { keep: faults.length > 0 };
});
process.exit();
