/** Processes of a run: started as the user that PostgreSQL takes, written down, and ended by their own ids. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunAs } from '#backend/postgres/run-as.ts';

export interface Owned {
  readonly folder: string;
  readonly runAs: RunAs | null;
}

const stopWithinMs = 10_000;

export interface OwnedProcess {
  readonly pid: number;
  readonly hasEnded: boolean;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** `name` is that of its log. */
export const startOwned = (
  { folder, runAs }: Owned,
  name: string,
  [program, ...args]: readonly [string, ...string[]],
): OwnedProcess => {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child: ChildProcess = spawn(program, args, {
    ...runAs,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', log, log],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    get hasEnded() {
      return hasEnded();
    },
    end: async (signal) => {
      if (hasEnded() || child.pid === undefined) return;
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(timer);
    },
  };
};

/** A folder of the user that the processes run as. */
export const makeOwnedFolder = ({ runAs }: Owned, path: string): string => {
  mkdirSync(path, { mode: 0o700 });
  if (runAs) chownSync(path, runAs.uid, runAs.gid);
  return path;
};

/** `template` is a file of docs/cluster; every `${NAME}` in it has to be given. */
export const writeConfig = (
  { folder, runAs }: Owned,
  name: string,
  template: string,
  values: Readonly<Record<string, string | number>>,
): string => {
  const source = readFileSync(new URL(`../../docs/cluster/${template}`, import.meta.url), 'utf8');
  const text = source.replace(/\$\{([A-Z_]+)\}/g, (_all, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${template} needs ${key}`);
    return String(value);
  });
  return writeOwned({ folder, runAs }, name, text);
};

/** Readable by its owner alone. */
export const writeOwned = ({ folder, runAs }: Owned, name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
  if (runAs) chownSync(path, runAs.uid, runAs.gid);
  return path;
};

/** Until `look` gives something; rejects with `what` when that takes longer. */
export const until = async <T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | null | undefined | false>,
  everyMs = 100,
): Promise<T> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await wait(everyMs);
  }
};
