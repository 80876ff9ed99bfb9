/**
 * `npm run test:rights -- [--seeds N] [--seed S]`: N made-up stores from seed S on (1,000 from 1), in each of which kiosk, backend and
 * the plain reference decide the same questions. Exits 1 if they are not of one mind.
 */
import { runRights } from '../../test/rights/run-rights.ts';
import { readCounts } from './counts.ts';
import { seconds } from './tasks.ts';

const { seeds, seed } = readCounts('test-rights', { seeds: 1000, seed: 1 });
const began = performance.now();
const { faults, failed, decided } = runRights(seed, seeds);
for (const fault of faults) console.log(fault);
for (const [words, times] of [...decided].sort(([, one], [, other]) => other - one))
  console.log(`${times} ${words}`);
console.log(`${seeds} seeds, ${failed.length} failed, ${seconds(performance.now() - began)}`);
for (const each of failed) console.log(`replay: npm run test:rights -- --seeds 1 --seed ${each}`);
process.exit(failed.length === 0 ? 0 : 1);
