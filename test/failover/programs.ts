/** The programs of a cluster, as Debian packages them: installed where that may be done, and never started by their packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = ['patroni', 'etcd-server', 'haproxy', 'pgbouncer', 'postgresql'];
const programs = ['/usr/bin/patroni', '/usr/bin/etcd', '/usr/sbin/haproxy', '/usr/sbin/pgbouncer'] as const;
const versionsDir = '/usr/lib/postgresql';
/** What Debian asks whether a package may start its service. */
const startPolicy = '/usr/sbin/policy-rc.d';

export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  readonly haproxy: string;
  readonly pgbouncer: string;
  /** Folder of PostgreSQL's programs. */
  readonly postgres: string;
}

const postgresDir = (): string | null => {
  if (!existsSync(versionsDir)) return null;
  const newest = readdirSync(versionsDir)
    .map(Number)
    .filter((version) => existsSync(join(versionsDir, String(version), 'bin/initdb')))
    .sort((a, b) => b - a)[0];
  return newest === undefined ? null : join(versionsDir, String(newest), 'bin');
};

const installed = (): Programs | null => {
  const postgres = postgresDir();
  if (postgres === null || !programs.every((program) => existsSync(program))) return null;
  const [patroni, etcd, haproxy, pgbouncer] = programs;
  return { patroni, etcd, haproxy, pgbouncer, postgres };
};

const install = (): void => {
  const hasPolicy = existsSync(startPolicy);
  if (!hasPolicy) writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const get = (...args: string[]): boolean => spawnSync('apt-get', ['-qq', ...args], { env }).status === 0;
    const all = ['install', '-y', '--no-install-recommends', ...packages];
    if (!get(...all) && get('update')) get(...all);
  } finally {
    if (!hasPolicy) rmSync(startPolicy);
  }
};

/** Null, with the reason told, where they can't be had. */
export const findPrograms = (tell: (line: string) => void): Programs | null => {
  const found = installed();
  if (found) return found;
  if (process.getuid?.() === 0) {
    tell(`installing ${packages.join(', ')} …`);
    install();
  }
  const now = installed();
  if (!now) tell(`these are needed, and not all are there. On Debian: apt-get install ${packages.join(' ')}`);
  return now;
};
