/**
 * Adapters of the kernel's, each a process that stands between `/dev/vhci` and one of btvirt's controllers: the kernel makes
 * an adapter of it, and it is pulled by ending the process.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bluetooth = '/sys/class/bluetooth';
const switches = '/sys/class/rfkill';
const appearsWithinMs = 15_000;
const lookEveryMs = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `hci0` and its like; a link is shown as `hci0:64`. */
const names = (): readonly string[] => readdirSync(bluetooth).filter((name) => /^hci\d+$/.test(name));

/** Looks until it holds, for 15 s. */
export const waitFor = async (what: string, holds: () => boolean): Promise<void> => {
  for (let waited = 0; waited < appearsWithinMs; waited += lookEveryMs) {
    if (holds()) return;
    await pause(lookEveryMs);
  }
  throw new Error(`waited in vain for ${what}`);
};

export interface Adapter {
  readonly name: string;
  /** As the system writes it. */
  address(): string;
  up(): void;
  down(): void;
  block(isBlocked: boolean): void;
  /** Handles of the links that the kernel knows. */
  links(): readonly number[];
  unplug(): Promise<void>;
}

const hciconfig = (name: string, word: 'up' | 'down'): void => {
  const { status, stderr } = spawnSync('hciconfig', [name, word], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`hciconfig ${name} ${word}: ${stderr.trim()}`);
};

const switchOf = (name: string): string => {
  const found = readdirSync(switches).find(
    (each) => readFileSync(join(switches, each, 'name'), 'utf8').trim() === name,
  );
  if (found === undefined) throw new Error(`${name} has no rfkill switch`);
  return join(switches, found, 'soft');
};

export const plugAdapter = async (bridge: string): Promise<Adapter> => {
  const before = new Set(names());
  const child: ChildProcess = spawn(process.execPath, [bridge], { stdio: 'inherit' });
  let name = '';
  await waitFor('an adapter', () => {
    name = names().find((each) => !before.has(each)) ?? '';
    return name !== '';
  });
  return {
    name,
    address: () =>
      /([0-9A-F]{2}:){5}[0-9A-F]{2}/.exec(spawnSync('hciconfig', [name], { encoding: 'utf8' }).stdout)?.[0] ??
      '',
    up: () => hciconfig(name, 'up'),
    down: () => hciconfig(name, 'down'),
    block: (isBlocked) => writeFileSync(switchOf(name), isBlocked ? '1' : '0'),
    links: () =>
      readdirSync(bluetooth).flatMap((each) =>
        each.startsWith(`${name}:`) ? [Number(each.split(':')[1])] : [],
      ),
    unplug: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await waitFor('the adapter to go', () => !names().includes(name));
    },
  };
};
