/** The kiosk's core as it is shipped: one bundled file, started by a bare Node. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { projectRoot, runStep } from '../../build/scripts/tasks.ts';

const entry = join(projectRoot, 'dist/browser-host/main.cjs');
const bareEntry = fileURLToPath(new URL('bare-process.ts', import.meta.url));
const readySchema = z.looseObject({ type: z.literal('ready'), url: z.string().default('') });
const readyWithinMs = 30_000;

/** Throws with what Vite said. */
export const buildCore = async (): Promise<void> => {
  for (const target of ['browser-host', 'browser-host-kiosk', 'radio']) {
    const args = ['build', '--mode', target, '--logLevel', 'warn'];
    const outcome = await runStep({ name: target, program: 'vite/bin/vite.js', args });
    if (!outcome.ok) throw new Error(outcome.output);
  }
};

export interface Started {
  readonly process: ChildProcess;
  /** From spawning until it said that it was ready, in ms. */
  readonly ms: number;
  /** Of its page; empty where it has none. */
  readonly url: string;
  stop(): Promise<void>;
}

const start = async (file: string, execArgv: string[], env: Record<string, string>): Promise<Started> => {
  const began = performance.now();
  const child = fork(file, [], {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: readyWithinMs,
  });
  const ready = await new Promise<Pick<Started, 'ms' | 'url'>>((resolve, reject) => {
    child.on('message', (message) => {
      const ms = performance.now() - began;
      const parsed = readySchema.safeParse(message);
      if (parsed.success) resolve({ ms, url: parsed.data.url });
    });
    child.once('exit', (code) => reject(new Error(`${file} ended (${code ?? 'by a signal'})`)));
  });
  return {
    process: child,
    ...ready,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** A core without a backend or a radio to speak to; `dataDir` may hold a database, `settings` more of its configuration. */
export const startCore = (
  dataDir: string,
  settings: { readonly passphraseFile?: string } = {},
): Promise<Started> =>
  start(entry, ['--disable-warning=ExperimentalWarning'], {
    PORT: '0',
    LATCHPOINT_LOG: 'error',
    LATCHPOINT_CONFIG: JSON.stringify({
      backendUrl: 'http://127.0.0.1:9',
      dataDir,
      radio: { h4: '127.0.0.1:9' },
      ...settings,
    }),
  });

/** A Node that says that it is ready, and does nothing else. */
export const startBare = (): Promise<Started> => start(bareEntry, [], {});

/**
 * Proportional set size of a process in MB (1 MB = 2^20 bytes): pages that are shared count in shares. Linux only; NaN
 * elsewhere.
 */
export const proportionalSize = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
};
