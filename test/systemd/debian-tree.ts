/** A Debian with systemd in a folder: what the project's package asks for, and Ansible. Made once, and kept outside the repository. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { depends } from '../../build/packaging/make-deb.ts';

const release = 'bookworm';
const kept = ['systemd-sysv', 'dbus', 'ca-certificates', 'ansible-core', 'python3-apt', ...depends];
const makers = ['mmdebstrap', 'systemd-container'];
const unit = fileURLToPath(new URL('./guest/given.service', import.meta.url));

export interface DebianTree {
  readonly tree: string;
  /** The program that boots it. */
  readonly nspawn: string;
}

const run = (program: string, args: readonly string[], cwd?: string): void => {
  const { status, stderr, error } = spawnSync(program, [...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.slice(-2000)}`);
};

/** The makers are unpacked beside it, and not installed. */
const unpackMakers = (into: string): void => {
  const packages = mkdtempSync(join(tmpdir(), 'latchpoint-makers-'));
  try {
    run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...makers], packages);
    for (const file of readdirSync(packages)) run('dpkg', ['-x', join(packages, file), into]);
  } finally {
    rmSync(packages, { recursive: true, force: true });
  }
};

/** Makes it where it is not there yet. Throws where Debian's packages can't be had. */
export const makeTree = (tell: (line: string) => void): DebianTree => {
  const name = createHash('sha256').update(JSON.stringify([release, kept, readFileSync(unit, 'utf8')]));
  const place = join(homedir(), '.cache/latchpoint/systemd', name.digest('hex').slice(0, 12));
  const made = { tree: join(place, 'tree'), nspawn: join(place, 'tools/usr/bin/systemd-nspawn') };
  if (existsSync(place)) return made;
  tell('making a Debian from its packages, once …');
  const part = `${place}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  unpackMakers(join(part, 'tools'));
  const tree = join(part, 'tree');
  const variant = ['--quiet', '--variant=minbase', `--include=${kept.join(',')}`];
  run('perl', [join(part, 'tools/usr/bin/mmdebstrap'), ...variant, release, tree]);
  const units = join(tree, 'etc/systemd/system');
  copyFileSync(unit, join(units, 'given.service'));
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true });
  symlinkSync('../given.service', join(units, 'multi-user.target.wants/given.service'));
  symlinkSync('/lib/systemd/system/multi-user.target', join(units, 'default.target'));
  renameSync(part, place);
  return made;
};
