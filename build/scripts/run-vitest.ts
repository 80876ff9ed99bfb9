/** Runs one kind of test in Vitest, and reads from its JSON report how many passed and which did not. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { projectRoot } from './tasks.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** For each that failed: where it stands, its name, and how what it said begins. */
  readonly failures: readonly string[];
}

const reportSchema = z.looseObject({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.looseObject({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});
export type VitestReport = z.infer<typeof reportSchema>;

const linesShown = 6;
const beginning = (message: string): string =>
  message
    .split('\n')
    .slice(0, linesShown)
    .map((line) => `\n    ${line.trim()}`)
    .join('');

/** What did not pass: tests that failed or were skipped, and files that could not be loaded. `root` is cut off their paths. */
export const failuresOf = (report: VitestReport, root: string): string[] =>
  report.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    const tests = file.assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(
        ({ fullName, status, failureMessages }) =>
          `${path}: ${fullName} (${status})${beginning(failureMessages.join('\n'))}`,
      );
    return tests.length === 0 && file.status !== 'passed' ? [`${path}${beginning(file.message)}`] : tests;
  });

const counted = (report: VitestReport, exitCode: number): Tally => {
  const failures = failuresOf(report, projectRoot);
  // A file that could not be loaded, an unhandled rejection or a skipped test fails the run, though no test did.
  const hidden = report.numFailedTests === 0 && (exitCode !== 0 || report.numPendingTests > 0) ? 1 : 0;
  if (hidden === 1 && failures.length === 0) failures.push('An error outside any test: see above.');
  return { passed: report.numPassedTests, failed: report.numFailedTests + hidden, failures };
};

/** Runs the tests of `project`, output straight through. `filesAtATime`: a core each where nothing is said. */
export const runVitest = async (project: string, filesAtATime?: number): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-test-'));
  const report = join(folder, 'report.json');
  const exitCode = await new Promise<number>((resolve) => {
    const args = [
      'run',
      '--project',
      project,
      '--reporter',
      'dot',
      '--reporter',
      'json',
      `--outputFile.json=${report}`,
      ...(filesAtATime === undefined ? [] : [`--maxWorkers=${filesAtATime}`]),
    ];
    const child = spawn(process.execPath, [join(projectRoot, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: projectRoot,
      // Where nobody watches, a colour for each of thousands of dots only buries what failed.
      env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' },
      stdio: 'inherit',
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
  try {
    return counted(reportSchema.parse(JSON.parse(readFileSync(report, 'utf8'))), exitCode);
  } catch {
    return { passed: 0, failed: 1, failures: [`${project}: Vitest left no report`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
