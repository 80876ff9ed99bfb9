/** The thread that fuzzes: may run out of its memory or never come back, and whoever watches it goes on. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { allTargets } from './all-targets.ts';
import { fuzz, type FuzzReport } from './fuzz.ts';
import { announce } from './watch.ts';

const { seed, seconds, watched } = z
  .strictObject({
    seed: z.int(),
    seconds: z.number(),
    watched: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);

const until = performance.now() + seconds * 1000;
const memoryInUse = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const report: FuzzReport = fuzz({
  targets: allTargets,
  random: seededRandom(seed),
  goOn: () => performance.now() < until,
  before: (target, bytes) => announce(watched, target, bytes),
  memoryInUse,
});
parentPort?.postMessage(report);
