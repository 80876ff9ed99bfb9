/**
 * A Debian as a kiosk has it: what Debian cannot do without, what the project's package asks for, and what stands in for a kiosk's parts.
 * Made once, and kept outside the repository.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { depends } from '../../build/packaging/make-deb.ts';

const release = 'bookworm';
/** Beside what the package asks for: a kernel, a browser in Electron's place, Bluetooth with adapters that are none. */
const kept = [
  ...[
    'linux-image-amd64',
    'initramfs-tools',
    'systemd-sysv',
    'udev',
    'kmod',
    'iproute2',
    'fonts-dejavu-core',
  ],
  ...['chromium', 'bluez', 'bluez-test-tools', 'libgl1-mesa-dri'],
];
const bytes = 4 * 1024 ** 3;
const shell = readFileSync(fileURLToPath(new URL('./guest/machine-shell.service', import.meta.url)), 'utf8');
const files: Readonly<Record<string, string>> = {
  'etc/systemd/system/machine-shell.service': shell,
  'etc/fstab': '/dev/vda / ext4 defaults 0 1\n',
  'etc/hostname': 'kiosk\n',
  'etc/modules-load.d/machine.conf': 'hci_vhci\nalgif_skcipher\nalgif_hash\n',
};

export interface System {
  readonly kernel: string;
  readonly initrd: string;
  /** The disk as it is before anything is installed; never written to. */
  readonly disk: string;
}

const run = (program: string, args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(program, [...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.slice(-2000)}`);
};

/** The folder as an ext4 file system, without mounting anything. */
export const makeDisk = (folder: string, file: string, size: number): void => {
  rmSync(file, { force: true });
  writeFileSync(file, '');
  truncateSync(file, size);
  run('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', folder, file]);
};

/** A disk that begins as another one, which it leaves alone. */
export const layOver = (disk: string, file: string): void => {
  rmSync(file, { force: true });
  run('qemu-img', [
    'create',
    '-q',
    '-f',
    'qcow2',
    '-b',
    disk,
    '-F',
    disk.endsWith('.raw') ? 'raw' : 'qcow2',
    file,
  ]);
};

const isRoot = process.getuid?.() === 0;

/** What the making wants of this computer; answers whether it is there. */
export const haveMakers = (tell: (line: string) => void): boolean => {
  const isThere = (): boolean =>
    ['mmdebstrap', 'qemu-img', 'mke2fs'].every((name) => spawnSync(name, ['--version']).error === undefined);
  const names = ['mmdebstrap', 'qemu-utils', 'e2fsprogs'];
  if (isThere()) return true;
  if (isRoot) {
    tell(`installing ${names.join(', ')} …`);
    const wait = ['-o', 'DPkg::Lock::Timeout=600'];
    spawnSync('apt-get', ['install', '-y', '-qq', ...wait, '--no-install-recommends', ...names]);
  }
  if (isThere()) return true;
  tell(`On Debian, as root: apt-get install ${names.join(' ')}`);
  return false;
};

const lay = (tree: string): void => {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(tree, path), text);
  const wanted = join(tree, 'etc/systemd/system/sysinit.target.wants');
  mkdirSync(wanted, { recursive: true });
  symlinkSync('../machine-shell.service', join(wanted, 'machine-shell.service'));
  copyFileSync(process.execPath, join(tree, 'usr/local/bin/node'));
  chmodSync(join(tree, 'usr/local/bin/node'), 0o755);
};

/** The system, made where it is not there yet: a few minutes. */
export const makeSystem = (tell: (line: string) => void): System => {
  const list = [...new Set([...kept, ...depends])].sort();
  const key = createHash('sha256')
    .update(JSON.stringify([release, list, files, process.version]))
    .digest('hex')
    .slice(0, 12);
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'latchpoint/machine', key);
  if (!existsSync(folder)) {
    tell(`making a Debian of ${list.length} packages and what those need, once …`);
    const beside = `${folder}.${process.pid}`;
    const tree = join(beside, 'tree');
    mkdirSync(beside, { recursive: true });
    try {
      const archive = join(beside, 'system.tar');
      // An archive, and not the folder: that one has this computer's devices mounted in it while it is made.
      run('mmdebstrap', [
        ...['--quiet', '--variant=minbase', `--include=${list.join(',')}`, release, archive],
      ]);
      mkdirSync(tree);
      run('tar', ['-xf', archive, '-C', tree]);
      rmSync(archive);
      lay(tree);
      for (const name of readdirSync(join(tree, 'boot'))) {
        const kind = /^(vmlinuz|initrd)/.exec(name)?.[0];
        if (kind !== undefined) copyFileSync(join(tree, 'boot', name), join(beside, kind));
      }
      makeDisk(tree, join(beside, 'system.raw'), bytes);
      rmSync(tree, { recursive: true, force: true });
      renameSync(beside, folder);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  }
  const at = (name: string): string => join(folder, name);
  return { kernel: at('vmlinuz'), initrd: at('initrd'), disk: at('system.raw') };
};
