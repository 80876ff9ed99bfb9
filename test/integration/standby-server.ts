/** A standby of a PostgreSQL that is up: made from a backup of it, and connected to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { backUp } from '#backend/postgres/backup.ts';
import { prepareBinaries } from '#backend/postgres/binaries.ts';
import { locateCluster, privateFolder, systemDir } from '#backend/postgres/cluster.ts';
import type { EmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { restore } from '#backend/postgres/restore.ts';
import { chooseRunAs } from '#backend/postgres/run-as.ts';

export interface Standby {
  /** As the primary's, at its own socket. It may not answer yet. */
  readonly connection: EmbeddedPostgres['connection'];
  /** Stops it at once, as it would end without power. */
  kill(): Promise<void>;
  start(): void;
  dispose(): Promise<void>;
}

/** `folder`: in which the primary's data is `data`, and which is removed by whoever made it. `name`: as which it connects. */
export const startStandby = async ({
  folder,
  connection,
  name,
}: {
  readonly folder: string;
  readonly connection: EmbeddedPostgres['connection'];
  readonly name: string;
}): Promise<Standby> => {
  const home = join(folder, 'standby');
  await mkdir(home, { mode: 0o755 });
  await backUp(join(folder, 'data'), join(folder, 'copy'));
  await restore(join(folder, 'copy'), home);
  const { dir } = await locateCluster(home);
  const runAs = await chooseRunAs(dir);
  const { host, user, password } = connection;
  const own = join(dir, 'postgresql.auto.conf');
  await writeFile(
    own,
    `primary_conninfo = 'host=${host} user=${user} password=${password} application_name=${name}'\n` +
      `listen_addresses = ''\nshared_buffers = '16MB'\nwal_receiver_status_interval = '1s'\n`,
  );
  await writeFile(join(dir, 'standby.signal'), '', { mode: 0o644 });
  expect(await readFile(own, 'utf8')).toContain(name);
  const bin = await prepareBinaries(runAs, systemDir);
  const socketDir = await privateFolder(runAs);
  const spawned = () =>
    spawn(join(bin, 'postgres'), ['-D', dir, '-k', socketDir], {
      ...runAs,
      env: {},
      stdio: 'ignore',
      cwd: socketDir,
    });
  let server = spawned();
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  return {
    connection: { ...connection, host: socketDir },
    kill: () => end('SIGQUIT'),
    start: () => {
      server = spawned();
    },
    dispose: () => end('SIGINT'),
  };
};
