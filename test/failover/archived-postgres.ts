/** One PostgreSQL that archives its log, as Debian packages it: backed up while it works, lost, and restored to a moment. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '#support/free-port.ts';
import { makeOwnedFolder, startOwned, until, writeOwned, type Owned, type OwnedProcess } from './owned.ts';

export interface ArchivedPostgres {
  readonly url: string;
  /** `pg_basebackup`, with the log that it needs. */
  backUp(): Promise<void>;
  /** The server and its disk are gone; what was archived is not. */
  lose(): Promise<void>;
  /** From the backup and the archive, up to `moment` or to the end of the archive. Resolves once it takes writes. */
  restore(moment: Date | null): Promise<void>;
  dispose(): Promise<void>;
}

const startWithinMs = 60_000;
/** What was not archived is lost with the server: so long a segment that is not full waits. */
export const archiveTimeoutSeconds = 5;

const superuser = 'postgres';

/** `bin`: the folder of its programs. */
export const startArchivedPostgres = async (owned: Owned, bin: string): Promise<ArchivedPostgres> => {
  const home = makeOwnedFolder(owned, join(owned.folder, 'postgres'));
  const [data, archive, copy] = [
    join(home, 'data'),
    makeOwnedFolder(owned, join(home, 'archive')),
    join(home, 'copy'),
  ];
  const port = await freePort();
  const password = randomBytes(18).toString('hex');
  const run = (program: string, args: readonly string[]): void => {
    const { status, stderr } = spawnSync(program, [...args], {
      ...owned.runAs,
      cwd: home,
      env: { PGPASSWORD: password, LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program}: ${stderr.replaceAll(password, '…')}`);
  };
  const secret = writeOwned(owned, 'password', password);
  run(join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    superuser,
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '--data-checksums',
  ]);
  appendFileSync(
    join(data, 'postgresql.conf'),
    [
      `listen_addresses = '127.0.0.1'`,
      `port = ${port}`,
      `unix_socket_directories = '${home}'`,
      `archive_mode = on`,
      // A segment gets its name once all of it is there.
      `archive_command = 'cp %p ${archive}/%f.partial && mv ${archive}/%f.partial ${archive}/%f'`,
      `archive_timeout = ${archiveTimeoutSeconds}`,
      `restore_command = 'cp ${archive}/%f %p'`,
      '',
    ].join('\n'),
  );
  let server: OwnedProcess | null = null;
  const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<void> => {
    server = startOwned(owned, 'postgresql', [join(bin, 'postgres'), '-D', data]);
    await until('PostgreSQL takes writes', startWithinMs, async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      try {
        const { rows } = await client.query<{ away: boolean }>('SELECT pg_is_in_recovery() AS away');
        return rows[0]?.away === false;
      } finally {
        await client.end();
      }
    });
  };
  await start();
  return {
    url,
    backUp: () => {
      run(join(bin, 'pg_basebackup'), [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        superuser,
        '-D',
        copy,
        '-X',
        'stream',
        '-c',
        'fast',
      ]);
      return Promise.resolve();
    },
    lose: async () => {
      await server?.end('SIGKILL');
      renameSync(data, join(home, `lost-${Date.now()}`));
    },
    restore: async (moment) => {
      run('/bin/cp', ['-a', copy, data]);
      // PostgreSQL takes a distance from UTC here, and no Z.
      const target =
        moment === null
          ? []
          : [
              `recovery_target_time = '${moment.toISOString().replace('Z', '+00')}'`,
              `recovery_target_action = 'promote'`,
            ];
      appendFileSync(join(data, 'postgresql.conf'), `${target.join('\n')}\n`);
      writeOwned({ folder: data, runAs: owned.runAs }, 'recovery.signal', '');
      await start();
    },
    dispose: () => server?.end('SIGINT') ?? Promise.resolve(),
  };
};
