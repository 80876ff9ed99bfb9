/**
 * `npm run test:crash -- [--cycles N] [--seed S]`: a kiosk is killed under load N times (100). Exits 1 if something is lost or
 * there twice. Interrupted once (Ctrl+C), it ends early and still checks.
 */
import { runCrash } from '../../test/integration/endurance/run-crash.ts';
import { readCounts } from './counts.ts';

const { cycles, seed } = readCounts('test-crash', { cycles: 100, seed: Date.now() % 1_000_000 || 1 });
console.log(`seed ${seed}`);
const enough = new AbortController();
process.once('SIGINT', () => enough.abort());
const { faults, ...figures } = await runCrash({
  cycles,
  seed,
  say: (line) => console.log(line),
  enough: enough.signal,
});
console.log(JSON.stringify(figures));
for (const fault of faults) console.log(fault);
console.log(faults.length === 0 ? 'nothing lost, nothing twice' : `${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
