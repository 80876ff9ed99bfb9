/** `npm run test:model -- [--seeds N] [--seed S]`: N seeds of the model from S on (100 from 1). Exits 1 if one fails. */
import { runModel } from '../../test/integration/endurance/run-model.ts';
import { readCounts } from './counts.ts';

const { seeds, seed } = readCounts('test-model', { seeds: 100, seed: 1 });
const failed = await runModel({ firstSeed: seed, seeds, say: (line) => console.log(line) });
console.log(`${seeds - failed.length} seeds passed, ${failed.length} failed`);
for (const each of failed) console.log(`replay: npm run test:model -- --seeds 1 --seed ${each.seed}`);
process.exit(failed.length === 0 ? 0 : 1);
