/** Runs the steps of a script: each a program of this project's own node_modules, output kept until it has failed. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface Step {
  readonly name: string;
  /** The program's JavaScript entry below node_modules, run on this Node. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepOutcome {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly ms: number;
}

export const runStep = (step: Step): Promise<StepOutcome> =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', `node_modules/${step.program}`, ...step.args],
      { cwd: projectRoot, env: { ...process.env, ...step.env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (ok: boolean): void =>
      resolve({ name: step.name, ok, output, ms: performance.now() - started });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });

/** Runs `steps` with at most `width` at a time, in order of their list, telling each outcome as it comes. */
export const runSteps = async (
  steps: readonly Step[],
  width: number,
  tell: (outcome: StepOutcome) => void,
): Promise<StepOutcome[]> => {
  const outcomes: StepOutcome[] = [];
  const queue = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const outcome = await runStep(step);
      outcomes.push(outcome);
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return outcomes;
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
