/**
 * `npm run test:faults [-- --runs N] [--seed S]`: the link under a failing air. Every fault at every place of every exchange,
 * runs through real noble and bleno over the simulated air, the radio killed at every packet, then N random runs (10,000).
 * With a seed only random runs, from that seed on: `--seed S --runs 1` repeats one. Fails when a promise of the link was broken
 * in any of them.
 */
import { parseArgs } from 'node:util';
import { createAirStage } from '../../test/faults/on-air.ts';
import { planOfSeed, singleFaults } from '../../test/faults/plans.ts';
import { sweepRestarts } from '../../test/faults/restarts.ts';
import { runFault } from '../../test/faults/run.ts';
import { sweep } from '../../test/faults/sweep.ts';
import { createTally } from '../../test/faults/tally.ts';
import { makeFaultWorld } from '../../test/faults/world.ts';
import { readCommandLine } from './command-line.ts';
import { seconds } from './tasks.ts';

const defaultRuns = 10_000;
const airRuns = 120;
/** The smallest frames there are make the most places to fail at. */
const sweepFrameSize = 20;
const seeds = 2 ** 31;

const wholeNumber = (text: string | undefined, name: string, least: number, most: number): number | null => {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
};

const { runs, seed } = readCommandLine('test-faults', (args) => {
  const { values } = parseArgs({
    args,
    options: { runs: { type: 'string' }, seed: { type: 'string' } },
    strict: true,
  });
  const seed = wholeNumber(values.seed, 'seed', 0, seeds);
  // With a seed the random runs are all there is: none of them would be a run that says nothing.
  const runs = wholeNumber(values.runs, 'runs', seed === null ? 0 : 1, 10_000_000) ?? defaultRuns;
  return { runs, seed };
});
let strayErrors = 0;
process.on('unhandledRejection', (error) => {
  strayErrors += 1;
  console.error('nobody caught:', error);
});
const began = performance.now();
const world = makeFaultWorld();
const tally = createTally();

if (seed === null) {
  console.log(`Every fault at every frame of every exchange, frames of ${sweepFrameSize} bytes …`);
  await sweep(world, tally, { frameSize: sweepFrameSize, faults: singleFaults });
  console.log(`${tally.runs} runs in ${seconds(performance.now() - began)}. Over the air, ${airRuns} runs …`);
  const stage = createAirStage(world);
  for (let run = 1; run <= airRuns; run += 1) {
    const { name, ...verdict } = await stage.run(run);
    tally.add(name, verdict, `over the air, seed ${run}`);
  }
  await stage.dispose();
  console.log(`The radio killed at every packet of every exchange, ${seconds(performance.now() - began)} …`);
  const longest = await sweepRestarts(world, tally);
  console.log(`Each lock was reachable again within ${seconds(longest)} of the radio's return.`);
}
const first = seed ?? Math.floor(Math.random() * seeds);
console.log(`${runs} random runs, seeds ${first} to ${first + Math.max(0, runs - 1)} …`);
for (let next = first; next < first + runs; next += 1) {
  const plan = planOfSeed(next);
  const outcome = await runFault(world, plan, next);
  tally.add(`random: ${plan.air}`, outcome, `again: npm run test:faults -- --seed ${next} --runs 1`);
}

console.log(`\n${tally.report()}\n`);
console.log(
  `${tally.runs} runs, ${tally.breaches} with a broken promise, ${strayErrors} stray errors, ${seconds(performance.now() - began)}`,
);
process.exit(tally.breaches + strayErrors === 0 ? 0 : 1);
