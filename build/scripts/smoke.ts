/** `npm run smoke [-- --json FILE]`: the whole story without a screen, each step with its time. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  eraseSimulatedStore,
  startSimulatedStore,
  type SimulatedStore,
} from '#support/simulated-store/store.ts';
import { readCommandLine } from './command-line.ts';
import { keepCompiled } from './keep-compiled.ts';
import { smokeStory } from './smoke-story.ts';

interface TimedStep {
  readonly step: string;
  readonly ms: number;
  readonly ok: boolean;
}

const jsonFile = readCommandLine(
  'smoke',
  (args) => parseArgs({ args, options: { json: { type: 'string' } }, strict: true }).values.json,
);
keepCompiled();
const dataDir = mkdtempSync(join(tmpdir(), 'latchpoint-smoke-'));
const steps: TimedStep[] = [];
let store: SimulatedStore | null = null;

/** Runs one step; a step that does not hold ends the story. */
const timed = async (step: string, run: () => Promise<void>): Promise<void> => {
  const began = performance.now();
  const keep = (ok: boolean): void => {
    const ms = Math.round(performance.now() - began);
    steps.push({ step, ms, ok });
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${String(ms).padStart(6)} ms  ${step}`);
  };
  try {
    await run();
    keep(true);
  } catch (error) {
    keep(false);
    throw error;
  }
};

const dispose = async (): Promise<void> => store?.dispose();

process.on('SIGINT', () => void dispose().then(() => process.exit(130)));

const runStory = async (): Promise<void> => {
  await timed('the simulated store starts', async () => {
    store = await startSimulatedStore({ dataDir, kioskPort: 0, panelPort: 0, registers: true });
  });
  if (store) for (const step of smokeStory(store)) await timed(step.name, () => step.run());
};

try {
  await runStory();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`The logs are in ${join(dataDir, 'logs')}.`);
  process.exitCode = 1;
}
await dispose();
if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(steps, null, 2)}\n`);
const failed = steps.filter((step) => !step.ok).length;
console.log(`${steps.length - failed} passed, ${failed} failed`);
if (failed === 0) await eraseSimulatedStore(dataDir);
