/**
 * `npm test [-- NAME …]`: check, then unit, contract, integration and end-to-end tests; ends with one line for the whole.
 * With names ("check", "unit", "contract", "integration", "e2e") it runs only those.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildPages } from './build-pages.ts';
import { runChecks } from './check-steps.ts';
import { projectRoot, seconds } from './tasks.ts';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const kinds = ['check', 'unit', 'contract', 'integration', 'e2e'] as const;
type Kind = (typeof kinds)[number];
/** Test files at a time; a core each where nothing is said. Integration tests mostly wait, for a database and for time to pass. */
const filesAtATime: Partial<Record<Kind, number>> = { integration: availableParallelism() * 2 };
const reportSchema = z.looseObject({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

/** `beside`: others write to the same screen, so it says what it found only at its end, in one piece. */
const runCheck = async (beside: boolean): Promise<Tally> => {
  const lines: string[] = [];
  const outcomes = await runChecks((line) => (beside ? lines.push(line) : console.log(line)));
  if (beside) console.log(`\n\n== check\n${lines.join('\n')}`);
  const failed = outcomes.filter((outcome) => !outcome.ok).length;
  return { passed: outcomes.length - failed, failed };
};

/** Runs one kind of test in Vitest, its output straight through; the counts come from its JSON report. */
const runVitest = async (kind: Kind): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-test-'));
  const report = join(folder, 'report.json');
  const code = await new Promise<number>((resolve) => {
    const args = [
      'run',
      '--project',
      kind,
      '--reporter',
      'dot',
      '--reporter',
      'json',
      `--outputFile.json=${report}`,
      ...(filesAtATime[kind] === undefined ? [] : [`--maxWorkers=${filesAtATime[kind]}`]),
    ];
    const child = spawn(process.execPath, [join(projectRoot, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: projectRoot,
      stdio: 'inherit',
    });
    child.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  try {
    const counts = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    // A file that could not be loaded, an unhandled rejection or a skipped test fails the run, though no test did.
    const hidden = counts.numFailedTests === 0 && (code !== 0 || counts.numPendingTests > 0) ? 1 : 0;
    return { passed: counts.numPassedTests, failed: counts.numFailedTests + hidden };
  } catch {
    console.error(`${kind}: Vitest left no report`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const isKind = (name: string): name is Kind => kinds.some((kind) => kind === name);

const named = process.argv.slice(2);
const unknown = named.filter((name) => !isKind(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. npm test -- [${kinds.join(' | ')}] …`);
  process.exit(2);
}
const wanted: readonly Kind[] = named.length > 0 ? named.filter(isKind) : kinds;

const began = performance.now();
let total: Tally = { passed: 0, failed: 0 };
const run = async (kind: Kind): Promise<void> => {
  const kindBegan = performance.now();
  const beside = kind === 'check' && wanted.includes('unit');
  if (!beside) console.log(`\n== ${kind}`);
  const tally = kind === 'check' ? await runCheck(beside) : await runVitest(kind);
  console.log(
    `== ${kind}: ${tally.passed} passed, ${tally.failed} failed, ${seconds(performance.now() - kindBegan)}`,
  );
  total = { passed: total.passed + tally.passed, failed: total.failed + tally.failed };
};
if (wanted.includes('e2e')) await buildPages();
// One tool of the check works twice as long as all others, on one core: unit tests take the other one meanwhile.
await Promise.all(wanted.filter((kind) => kind === 'check' || kind === 'unit').map(run));
for (const kind of wanted) if (kind !== 'check' && kind !== 'unit') await run(kind);
console.log(`\nAll of it took ${seconds(performance.now() - began)}.`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
