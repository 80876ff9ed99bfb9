/** Kernel modules in the order in which they can be loaded. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Virtual adapters, and the ciphers that `btvirt` opens at its start. */
const wanted = ['hci_vhci', 'algif_skcipher', 'algif_hash', 'ecb', 'cmac'];

export interface KernelModule {
  readonly name: string;
  readonly bytes: Buffer;
}

const nameOf = (file: string): string => (file.split('.ko')[0] ?? '').replaceAll('-', '_');

const read = (path: string): Buffer =>
  path.endsWith('.xz')
    ? spawnSync('xz', ['-dc', path], { maxBuffer: 64 * 1024 * 1024 }).stdout
    : readFileSync(path);

/** Each after those that it needs; what is built into the kernel has no file. */
export const modulesIn = (tree: string): readonly KernelModule[] => {
  const lib = join(tree, readdirSync(tree).includes('lib') ? 'lib/modules' : 'usr/lib/modules');
  const files = new Map<string, string>();
  for (const entry of readdirSync(lib, { recursive: true, withFileTypes: true })) {
    if (/\.ko(\.xz)?$/.test(entry.name)) files.set(nameOf(entry.name), join(entry.parentPath, entry.name));
  }
  const loaded = new Map<string, KernelModule>();
  const load = (name: string): void => {
    const path = files.get(name);
    if (path === undefined || loaded.has(name)) return;
    const bytes = read(path);
    const depends = /\0depends=([^\0]*)\0/.exec(bytes.toString('latin1'))?.[1] ?? '';
    for (const other of depends.split(',')) load(other.replaceAll('-', '_'));
    loaded.set(name, { name, bytes });
  };
  for (const name of wanted) load(name);
  return [...loaded.values()];
};
