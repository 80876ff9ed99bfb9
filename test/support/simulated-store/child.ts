/** A process of the simulated store: forked, waited for until it says that it is ready, stopped for certain. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const readySchema = z.looseObject({ type: z.literal('ready') });
const readyWithinMs = 60_000;
const stopWithinMs = 10_000;
const keptLines = 12;

export interface ChildOptions {
  readonly name: string;
  /** The entry, relative to the project's root. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for the process's log. */
  readonly logDir: string;
  readonly onMessage?: (message: unknown) => void;
}

export interface Child {
  readonly process: ChildProcess;
  /** What the process said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Resolves with the exit code (null after a signal) once the process has ended. */
  readonly exited: Promise<number | null>;
  send(message: Readonly<Record<string, unknown>>): void;
  /** Asks it to end, and ends it after ten seconds. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** Starts a process; rejects with the last lines that it wrote if it ends before it is ready. */
export const startChild = async (options: ChildOptions): Promise<Child> => {
  const log = createWriteStream(join(options.logDir, `${options.name}.log`), { flags: 'a' });
  const child = fork(join(root, options.entry), {
    cwd: root,
    env: { ...process.env, ...options.env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let tail: string[] = [];
  const keep = (chunk: Buffer): void => {
    log.write(chunk);
    tail = [...tail, ...chunk.toString().trimEnd().split('\n')].slice(-keptLines);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      log.end();
      resolve(code);
    });
  });

  const ready = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const give = (why: string): void => {
      clearTimeout(timer);
      reject(new Error([`${options.name} ${why}`, ...tail].join('\n  ')));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      give(`was not ready within ${readyWithinMs / 1000} s`);
    }, readyWithinMs);
    child.on('message', (message) => {
      const parsed = readySchema.safeParse(message);
      if (parsed.success) {
        clearTimeout(timer);
        resolve(parsed.data);
      } else options.onMessage?.(message);
    });
    child.once('error', (error) => give(`could not be started: ${error.message}`));
    void exited.then((code) => give(`ended at once (${code ?? 'by a signal'})`));
  });

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(timer);
  };

  return {
    process: child,
    ready,
    exited,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};
