/** Boots a folder as a machine of its own, with its own systemd, and everything it writes forgotten. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { DebianTree } from './debian-tree.ts';

export interface Boot extends DebianTree {
  /** What lies below /given in it, and says with `run.sh` what is to be done. */
  readonly given: string;
  /** What lies below /out in it. */
  readonly out: string;
  readonly withinMs: number;
}

/** Resolves once it has powered itself off; whether that was in time. */
export const bootTree = async ({ tree, nspawn, given, out, withinMs }: Boot): Promise<boolean> => {
  const console = createWriteStream(join(out, 'console'));
  await once(console, 'open');
  const child = spawn(
    nspawn,
    [
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--volatile=overlay',
      '--resolv-conf=copy-host',
      `--directory=${tree}`,
      `--bind-ro=${given}:/given`,
      `--bind=${out}:/out`,
      '--boot',
    ],
    { stdio: ['ignore', console, console] },
  );
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, withinMs);
  await once(child, 'exit');
  clearTimeout(timer);
  console.end();
  return !late;
};
