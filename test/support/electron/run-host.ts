import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from '../../../build/scripts/tasks.ts';
import type { ActInput, ActName, ActResult } from './acts.ts';
import type { DoubleOptions } from './options.ts';

const entry = fileURLToPath(new URL('./host-process.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Builds the desktop host as it is shipped into `folder`, which is laid out as the project is and can be packed: other tests may be using
 * the build that is there.
 */
export const buildHost = async (folder: string): Promise<void> => {
  const targets = { main: 'main', radio: 'main', preload: 'preload', renderer: 'renderer' };
  for (const [mode, place] of Object.entries(targets)) {
    const to = ['--outDir', join(folder, 'dist', place), ...(mode === 'renderer' ? ['--emptyOutDir'] : [])];
    const args = ['build', '--mode', mode, '--logLevel', 'warn', ...to];
    const { ok, output } = await runStep({ name: mode, program: 'vite/bin/vite.js', args });
    if (!ok) throw new Error(output);
  }
  await cp(join(root, 'build/packaging'), join(folder, 'build/packaging'), { recursive: true });
  for (const name of ['package.json', 'electron-builder.yml', 'node_modules']) {
    await symlink(join(root, name), join(folder, name));
  }
};

export interface RunHostOptions extends Partial<DoubleOptions> {
  readonly built: string;
  readonly profile: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What follows the program on its command line. */
  readonly args?: readonly string[];
}

export interface RunningHost {
  readonly pid: number;
  /** Resolves with the code with which the host has ended. */
  readonly ended: Promise<number | null>;
  act<Name extends ActName>(name: Name, input?: ActInput<Name>): Promise<ActResult<Name>>;
  /** What it has written to its standard output. */
  said(): string;
  /** The host's own log. */
  log(): Promise<string>;
  /** Resolves once the host has written a line of this event. */
  until(event: string): Promise<void>;
  /** Resolves once its window has a page. */
  loaded(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const lookAgainMs = 20;

/** Starts the host on the double. As a developer's build, which takes its configuration from the environment, unless told otherwise. */
export const runHost = async (options: RunHostOptions): Promise<RunningHost> => {
  const { built, profile, config = {}, env = {}, args = [], ...rest } = options;
  await mkdir(profile, { recursive: true });
  const setup: DoubleOptions = {
    profile,
    isPackaged: false,
    secretStore: 'gnome_libsecret',
    proxy: 'DIRECT',
    machine: { width: 1280, height: 800 },
    ...rest,
  };
  const values = { backendUrl: 'http://127.0.0.1:9', radio: { h4: '127.0.0.1:9' }, ...config };
  const main = join(built, 'dist/main/main.js');
  const child = fork(entry, [JSON.stringify(setup), main, ...args], {
    cwd: root,
    env: { ...process.env, LATCHPOINT_KIOSK: '1', LATCHPOINT_CONFIG: JSON.stringify(values), ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  let ids = 0;
  let over = false;
  const waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  child.on('message', (answer: { id: number; value?: unknown; error?: string }) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    for (const fail of waiting.values()) fail({ error: `the host has ended: ${code as number}; ${printed}` });
    return code as number | null;
  });
  const log = (): Promise<string> => readFile(join(profile, 'logs/kiosk.log'), 'utf8').catch(() => '');
  const before = (await log()).length;
  const act: RunningHost['act'] = async (name, input) => {
    ids += 1;
    const id = ids;
    const answer = await new Promise<{ value?: unknown; error?: string }>((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, name, input: input ?? null }, (error) => {
        if (error) resolve({ error: error.message });
      });
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as never;
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  return {
    pid: child.pid ?? 0,
    ended,
    log,
    said: () => said,
    act,
    until: async (event) => {
      while (!(await log()).slice(before).includes(`"event":"${event}"`)) {
        if (over) throw new Error(`the host ended before "${event}": ${printed}${await log()}`);
        await pause();
      }
    },
    loaded: async () => {
      while ((await act('state')).window?.hasPage !== true) await pause();
    },
    kill: (signal) => void child.kill(signal),
  };
};
