/**
 * `npm run test:restore -- [--kiosks N]`: PostgreSQL is lost under load and restored from its base backup and its log, once to the end
 * of the log and once to a moment before. Exits 1 if a kiosk does not give back what is missing, or something is there twice; 2
 * where PostgreSQL can't be had.
 */
import { findPrograms } from '../../test/failover/programs.ts';
import { runRestore } from '../../test/failover/run-restore.ts';
import { inWorkFolder } from '../../test/failover/work-folder.ts';
import { readCounts } from './counts.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const tell = (line: string): void => console.log(line);

const { kiosks } = readCounts('test-restore', { kiosks: 12 });
const programs = findPrograms(tell);
if (!programs) {
  tell('NOT RUN: nothing could be restored');
  process.exit(exitCode.couldNotRun);
}
let count = 0;
for (const to of ['end', 'moment'] as const) {
  await inWorkFolder('restore', tell, async (folder) => {
    const faults = await runRestore(folder, programs, { kiosks, to, say: tell });
    for (const fault of faults) tell(`   FAULT ${fault}`);
    count += faults.length;
    return { keep: faults.length > 0 };
  });
}
tell(count === 0 ? 'all given back, nothing twice' : `${count} faults`);
process.exit(count === 0 ? 0 : exitCode.failed);
