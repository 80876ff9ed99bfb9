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
const saidSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('opened'), url: z.string() }),
  z.looseObject({ type: z.literal('ready') }),
]);
const readyWithinMs = 30_000;

/** Throws with what Vite said. */
export const buildCore = async (): Promise<void> => {
  for (const target of ['browser-host', 'browser-host-kiosk', 'radio']) {
    const args = ['build', '--mode', target, '--logLevel', 'warn'];
    const outcome = await runStep({ name: target, program: 'vite/bin/vite.js', args });
    if (!outcome.ok) throw new Error(outcome.output);
  }
};

export interface Begun {
  readonly process: ChildProcess;
  /** The address of its page, once that can be opened. */
  readonly opened: Promise<string>;
  /** From spawning until it said that it was ready, in ms. */
  readonly ready: Promise<number>;
  stop(): Promise<void>;
}

export interface Started extends Omit<Begun, 'opened' | 'ready'> {
  readonly ms: number;
}

const begin = (file: string, execArgv: string[], env: Record<string, string>): Begun => {
  const began = performance.now();
  const child = fork(file, [], {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: readyWithinMs,
  });
  const opened = Promise.withResolvers<string>();
  const ready = Promise.withResolvers<number>();
  child.on('message', (message) => {
    const ms = performance.now() - began;
    const said = saidSchema.safeParse(message);
    if (said.data?.type === 'opened') opened.resolve(said.data.url);
    if (said.data?.type === 'ready') ready.resolve(ms);
  });
  child.once('exit', (code) => {
    const why = new Error(`${file} ended (${code ?? 'by a signal'})`);
    opened.reject(why);
    ready.reject(why);
  });
  // Not everybody waits for both.
  for (const { promise } of [opened, ready]) promise.catch(() => undefined);
  return {
    process: child,
    opened: opened.promise,
    ready: ready.promise,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** A core without a backend or a radio to speak to; `dataDir` may hold a database, `settings` more of its configuration. */
export const beginCore = (dataDir: string, settings: { readonly passphraseFile?: string } = {}): Begun =>
  begin(entry, ['--disable-warning=ExperimentalWarning'], {
    PORT: '0',
    LATCHPOINT_LOG: 'error',
    LATCHPOINT_CONFIG: JSON.stringify({
      backendUrl: 'http://127.0.0.1:9',
      dataDir,
      radio: { h4: '127.0.0.1:9' },
      ...settings,
    }),
  });

const onceReady = async (begun: Begun): Promise<Started> => ({ ...begun, ms: await begun.ready });

/** The same, once it is ready. */
export const startCore = (...of: Parameters<typeof beginCore>): Promise<Started> =>
  onceReady(beginCore(...of));

/** A Node that says that it is ready, and does nothing else. */
export const startBare = (): Promise<Started> => onceReady(begin(bareEntry, [], {}));

/**
 * Proportional set size of a process in MB (1 MB = 2^20 bytes): pages that are shared count in shares. Linux only; NaN
 * elsewhere.
 */
export const proportionalSize = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
};
