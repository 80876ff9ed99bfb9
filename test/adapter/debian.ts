/**
 * Packages of the Debian that this runs on, fetched once and unpacked beside each other: a kernel, BlueZ, and what they load.
 * Nothing of them is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const programs = [
  'bluez',
  'bluez-test-tools',
  'busybox-static',
  'dbus-daemon',
  'dbus-system-bus-common',
  'util-linux',
];
/** What Node loads. */
const nodeNeeds = ['libc6', 'libgcc-s1', 'libstdc++6'];
const kernel = 'linux-image-amd64';

const outputOf = (program: string, args: readonly string[], cwd?: string): string | null => {
  const { status, stdout } = spawnSync(program, [...args], { cwd, encoding: 'utf8' });
  return status === 0 ? stdout : null;
};

/** Of all that the programs depend on, the libraries: no script of a package runs, so nothing else is needed. */
const libraries = (): readonly string[] => {
  const without = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const args = ['depends', '--recurse', ...without.map((kind) => `--no-${kind}`), ...programs];
  const lines = outputOf('apt-cache', args)?.split('\n') ?? [];
  return [...new Set(lines)].filter((name) => /^(lib|zlib)/.test(name) && !name.includes('perl'));
};

const kernelPackage = (): string | null =>
  /Depends: (linux-image-[\w.+-]+)/.exec(outputOf('apt-cache', ['depends', kernel]) ?? '')?.[1] ?? null;

const isRoot = process.getuid?.() === 0;

const fetch = (names: readonly string[], into: string): boolean => {
  const download = (): boolean => outputOf('apt-get', ['download', '-qq', ...names], into) !== null;
  if (download()) return true;
  return isRoot && outputOf('apt-get', ['update', '-qq']) !== null && download();
};

/** The folder with everything unpacked; null, with the reason told, where that can't be had. */
export const unpackDebian = (cache: string, tell: (line: string) => void): string | null => {
  const tree = join(cache, 'debian');
  const complete = join(cache, 'complete');
  if (existsSync(complete)) return tree;
  const image = kernelPackage();
  if (image === null) {
    tell(`this is no Debian for amd64 whose package lists are there (apt-cache knows no ${kernel})`);
    return null;
  }
  tell('fetching a kernel and BlueZ from Debian, once …');
  const packages = join(cache, 'packages');
  for (const folder of [tree, packages]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  if (!fetch([...new Set([image, ...programs, ...nodeNeeds, ...libraries()])], packages)) {
    tell('the packages could not be fetched (apt-get download)');
    return null;
  }
  for (const file of readdirSync(packages)) {
    if (outputOf('dpkg', ['-x', join(packages, file), tree]) === null) {
      tell(`${file} could not be unpacked`);
      return null;
    }
  }
  rmSync(packages, { recursive: true, force: true });
  writeFileSync(complete, image);
  return tree;
};

/** QEMU, installed where that may be done. */
export const haveQemu = (tell: (line: string) => void): boolean => {
  const isThere = (): boolean => outputOf('qemu-system-x86_64', ['--version']) !== null;
  if (isThere()) return true;
  if (isRoot) {
    tell('installing qemu-system-x86 …');
    outputOf('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'qemu-system-x86']);
  }
  if (isThere()) return true;
  tell('there is no QEMU. On Debian: apt-get install qemu-system-x86');
  return false;
};
