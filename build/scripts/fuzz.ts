/**
 * `npm run fuzz [-- --seconds N] [--seed S]`: broken bytes into every reader of the link, for N seconds (60). Fails for an error
 * that has no name, a promise that does not hold, an input that takes too long, and memory that grows. What is found is written
 * to test/fixtures/fuzz/, where the tests read it from then on.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allTargets } from '../../test/fuzz/all-targets.ts';
import { growth, type Finding, type FuzzReport } from '../../test/fuzz/fuzz.ts';
import { keep } from '../../test/fuzz/kept.ts';
import { createWatched, inHand } from '../../test/fuzz/watch.ts';
import { readCommandLine } from './command-line.ts';

const defaultSeconds = 60;
const seeds = 2 ** 31;
/** What the thread may take of memory; the link's readers need a fraction of it. */
const heapLimitMb = 192;
const mostGrowth = 4 * 2 ** 20;
const hangMs = 10_000;

const wholeNumber = (text: string | undefined, name: string, least: number, most: number): number | null => {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
};

const { seconds, seed } = readCommandLine('fuzz', (args) => {
  const { values } = parseArgs({
    args,
    options: { seconds: { type: 'string' }, seed: { type: 'string' } },
    strict: true,
  });
  return {
    seconds: wholeNumber(values.seconds, 'seconds', 1, 1_000_000) ?? defaultSeconds,
    seed: wholeNumber(values.seed, 'seed', 0, seeds) ?? Math.floor(Math.random() * seeds),
  };
});
console.log(`Fuzzing ${allTargets.length} readers for ${seconds} s, seed ${seed} …`);
const watched = createWatched();
const worker = new Worker(new URL('../../test/fuzz/fuzz-thread.ts', import.meta.url), {
  workerData: { seed, seconds, watched },
  resourceLimits: { maxOldGenerationSizeMb: heapLimitMb },
});

const ended = (problem: string): Finding => {
  const { target, bytes } = inHand(watched);
  return { target: allTargets[target]?.name ?? 'unknown', bytes, problem };
};
const outcome = await new Promise<FuzzReport | Finding>((resolve) => {
  let last = -1;
  const watching = setInterval(() => {
    const { count } = inHand(watched);
    if (count === last && count > 0) resolve(ended(`no end within ${hangMs} ms`));
    last = count;
  }, hangMs);
  worker.on('message', (report: FuzzReport) => resolve(report));
  worker.on('error', (error) => resolve(ended(`the thread ended: ${String(error)}`)));
  worker.on('exit', () => clearInterval(watching));
});
await worker.terminate();

const report: FuzzReport = 'findings' in outcome ? outcome : { counts: [], findings: [outcome], memory: [] };
console.table(
  report.counts.map(({ target, inputs, ways, slowest }) => ({
    target,
    inputs,
    ways,
    'slowest, ms': Number(slowest.toFixed(1)),
  })),
);
for (const finding of report.findings) {
  console.log(
    `FOUND in ${finding.target}: ${finding.problem}\n  kept as test/fixtures/fuzz/${keep(finding)}`,
  );
}
const grown = growth(report.memory);
const inputs = report.counts.reduce((sum, count) => sum + count.inputs, 0);
const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
console.log(
  `${inputs} inputs, ${report.findings.length} findings; memory ${megabytes(report.memory.at(-1) ?? 0)} at the end, grown by ${megabytes(grown)} over ${report.memory.length} samples`,
);
if (grown > mostGrowth) console.log(`MEMORY GROWS, the limit is ${megabytes(mostGrowth)}`);
process.exit(report.findings.length === 0 && grown <= mostGrowth ? 0 : 1);
