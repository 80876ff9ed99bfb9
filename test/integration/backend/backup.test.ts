/** The two commands of docs/backend.md, "Backup and restore", run as an operator runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { expect } from 'vitest';
import { z } from 'zod';
import { createBackend } from '#backend/backend.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { locateCluster } from '#backend/postgres/cluster.ts';
import { takeLock } from '#backend/postgres/owner.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { urlOf } from '../postgres-folder.ts';
import { backupTest as test } from './backup-test.ts';
import { createJournalWriter } from './journal-writer.ts';
import { createWorld } from './world.ts';

const eventsSchema = z.object({ events: z.array(z.object({ sequence: z.number() })) });
const journalSchema = z.object({
  kiosks: z.tuple([z.object({ journal: z.object({ events: z.number(), missing: z.array(z.unknown()) }) })]),
});

test('a backup of a backend at work holds all that was acknowledged before it, and a backend goes on from it', async ({
  folder,
  started,
  startPostgres,
  command,
}) => {
  const postgres = await startPostgres(join(folder, 'data'));
  const world = await createWorld(urlOf(postgres.connection));
  started.defer(() => world.dispose());
  const { config, ports } = world;
  const storeId = await world.makeStore();
  const kiosk = await world.makeKiosk(storeId);
  const journal = createJournalWriter(kiosk);
  const first = journal.next(50);
  await kiosk.push('accessEvents', first);

  let acknowledged = first.length;
  const stop = new AbortController();
  const writing = (async () => {
    while (!stop.signal.aborted) {
      await kiosk.push('accessEvents', journal.next(20));
      acknowledged += 20;
    }
  })();
  const before = acknowledged;
  expect(await command('backup', 'backup', 'data')).toMatchObject({ code: 0, stderr: '' });
  const during = acknowledged;
  stop.abort();
  await writing;
  expect(during).toBeGreaterThan(before);
  expect((await readdir(join(folder, 'backup'))).sort()).toEqual([
    'backup_manifest',
    'base.tar',
    'postgres.password',
  ]);
  for (const name of ['', 'base.tar', 'backup_manifest', 'postgres.password']) {
    expect((await stat(join(folder, 'backup', name))).mode & 0o077).toBe(0);
  }

  expect(await command('restore', 'backup', 'restored')).toMatchObject({ code: 0, stderr: '' });
  const database = { kind: 'embedded', dataDir: join(folder, 'restored') } as const;
  const backend = await createBackend({ ...config, database }, ports);
  try {
    const restored = kiosk.at(backend.url);
    const [{ journal: kept }] = journalSchema.parse(
      await (
        await fetch(`${backend.url}/v1/admin/stores/${storeId}/kiosks`, {
          headers: { authorization: `Bearer ${config.adminToken}` },
        })
      ).json(),
    ).kiosks;
    expect(kept.missing).toEqual([]);
    expect(kept.events).toBeGreaterThanOrEqual(before);
    expect(kept.events).toBeLessThan(acknowledged);
    expect(await restored.pullAll('store')).toMatchObject([{ storeId }]);
    // What a kiosk tells again and what it tells anew are both taken.
    expect(await restored.push('accessEvents', [first[0]])).toMatchObject([{ status: 'accepted' }]);
  } finally {
    await backend.dispose();
  }
  expect(
    eventsSchema.parse((await world.admin('GET', `/stores/${storeId}/events?limit=1`)).body).events,
  ).toHaveLength(1);
});

test('a backup is made where no backend runs, and a damaged one is not restored', async ({
  folder,
  command,
}) => {
  const first = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
  await first.dispose();
  expect(await command('backup', 'backup', 'data')).toMatchObject({ code: 0 });
  const archive = join(folder, 'backup/base.tar');
  const bytes = await readFile(archive);
  // The version itself, in the block (of 512 bytes) that follows its name's.
  bytes.writeUInt8(0x39, Math.floor(bytes.indexOf('PG_VERSION') / 512) * 512 + 512);
  await writeFile(archive, bytes);
  expect(await command('restore', 'backup', 'restored')).toEqual({
    code: 78,
    stdout: '',
    stderr: 'Configuration (command): SOURCE is damaged: a file is not as PostgreSQL wrote it\n',
  });
  expect(await readdir(join(folder, 'restored'))).not.toContain('postgres.password');
});

test.for(['', 'another password', 'cut'])(
  'a password that is damaged (%j) is said in one line',
  async (text, { folder, command }) => {
    const first = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
    await first.dispose();
    await command('backup', 'backup', 'data');
    const path = join(folder, 'backup/postgres.password');
    const whole = await readFile(path, 'utf8');
    const changed = { '': '', 'another password': whole.replace(/^./, (it) => (it === 'A' ? 'B' : 'A')) }[
      text
    ];
    await writeFile(path, changed ?? whole.slice(0, 10));
    expect(await command('restore', 'backup', 'restored')).toEqual({
      code: 78,
      stdout: '',
      stderr: 'Configuration (command): SOURCE is damaged: a file is not as PostgreSQL wrote it\n',
    });
  },
);

test('a backend does not begin with an empty database where a restore was broken off; restoring again does it', async ({
  folder,
  startPostgres,
  command,
}) => {
  const first = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
  await first.dispose();
  await command('backup', 'backup', 'data');
  const archive = join(folder, 'backup/base.tar');
  const bytes = await readFile(archive);
  await writeFile(archive, bytes.subarray(0, bytes.length / 2));
  expect(await command('restore', 'backup', 'restored')).toMatchObject({ code: 78 });
  const dataDir = join(folder, 'restored');
  await expect(startEmbeddedPostgres(dataDir, silentLogger)).rejects.toMatchObject({
    error: { code: 'config.invalid', params: { path: 'DATA_DIR' } },
  });
  await writeFile(archive, bytes);
  expect(await command('restore', 'backup', 'restored')).toMatchObject({ code: 0 });
  await startPostgres(dataDir);
  expect(await readdir(dataDir)).not.toContain('restore.unfinished');
});

test('of two backups that are made in one place at once one is whole, and the other is refused', async ({
  folder,
  startPostgres,
  command,
}) => {
  await startPostgres(join(folder, 'data'));
  const ends = await Promise.all([command('backup', 'backup', 'data'), command('backup', 'backup', 'data')]);
  expect(ends.map(({ code }) => code).sort()).toEqual([0, 78]);
  expect(ends.map(({ stderr }) => stderr).join('')).toContain('TARGET holds something already');
  expect(await readdir(folder)).toEqual(expect.not.arrayContaining([expect.stringContaining('partial')]));
  expect(await command('restore', 'backup', 'other')).toMatchObject({ code: 0, stderr: '' });
});

test('a backup that the disk does not take leaves nothing, and the backend goes on', async ({
  folder,
  startPostgres,
  command,
}) => {
  const postgres = await startPostgres(join(folder, 'data'));
  const { connection } = postgres;
  // No file longer than that, of the command and not of the database: it fails as on a full disk, in the middle.
  const ended = await command('backup', 'backup', 'data', ['sh', '-c', 'ulimit -f 8000; exec "$0" "$@"']);
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('EFBIG') as string });
  expect(await readdir(folder)).toEqual(['data']);
  const client = new pg.Client(connection);
  await client.connect();
  expect((await client.query('SELECT FROM pg_replication_slots')).rowCount).toBe(0);
  await client.end();
  expect(await command('backup', 'backup', 'data')).toMatchObject({ code: 0 });
});

test('what killed backups have left goes with the next one, and what others are making stays', async ({
  folder,
  command,
}) => {
  const first = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
  await first.dispose();
  const ended = spawn('true');
  await once(ended, 'exit');
  const [left, other, running] = [
    `backup.${String(ended.pid)}.partial`,
    `backup-of-others.${String(ended.pid)}.partial`,
    `backup.${String(process.ppid)}.partial`,
  ];
  for (const name of [left, other, running]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'base.tar'), 'half');
  }
  // As a backup of another container, whose process cannot be seen here, holds it.
  const held = `backup.${String(2 ** 22 + 1)}.partial`;
  await mkdir(join(folder, held));
  const lock = await takeLock(join(folder, held, 'backup.lock'));
  expect(await command('backup', 'backup', 'data')).toMatchObject({ code: 0, stderr: '' });
  expect((await readdir(folder)).sort()).toEqual(['backup', 'data', held, other, running].sort());
  expect(await readdir(join(folder, 'backup'))).toHaveLength(3);
  lock.close();
});

test('a database whose password is lost is not replaced by an empty one, nor by a backup', async ({
  folder,
  startPostgres,
  command,
}) => {
  const dataDir = join(folder, 'data');
  const first = await startEmbeddedPostgres(dataDir, silentLogger);
  await first.dispose();
  await command('backup', 'backup', 'data');
  await rename(join(dataDir, 'postgres.password'), join(folder, 'kept'));
  const { dir } = await locateCluster(dataDir);
  const said = { error: { code: 'config.invalid', params: { path: 'DATA_DIR' } } };
  await expect(startEmbeddedPostgres(dataDir, silentLogger)).rejects.toMatchObject(said);
  expect(await command('restore', 'backup', 'data')).toMatchObject({
    code: 78,
    stderr: expect.stringContaining(`its database is in ${dir}`) as string,
  });
  // It would say that the folder may be emptied.
  expect(await readdir(dataDir)).not.toContain('restore.unfinished');
  await rename(join(folder, 'kept'), join(dataDir, 'postgres.password'));
  await startPostgres(dataDir);
});

test('a backend that is started while a backup is being restored leaves it alone', async ({ folder }) => {
  const dataDir = join(folder, 'restored');
  const half = join((await locateCluster(dataDir)).dir, 'half of a backup');
  await mkdir(dirname(half), { recursive: true });
  await writeFile(half, '');
  // As `restore` notes itself.
  const restoring = spawn('sleep', ['60']);
  try {
    const record = await readFile(`/proc/${String(restoring.pid)}/stat`, 'utf8');
    const startedAt = record.slice(record.lastIndexOf(')') + 2).split(' ')[19];
    await writeFile(join(dataDir, 'backend.pid'), JSON.stringify({ pid: restoring.pid, startedAt }));
    await expect(startEmbeddedPostgres(dataDir, silentLogger)).rejects.toMatchObject({
      error: { code: 'storage.in_use' },
    });
    expect((await readdir(dirname(half))).concat(await readdir(dataDir))).toContain('half of a backup');
    expect(await readdir(dataDir)).not.toContain('postgres.password');
  } finally {
    restoring.kill();
  }
});

test.for([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 200)],
  [
    'changed in what no file proves',
    (bytes: Buffer) => Buffer.from(bytes.toString().replace('"Start-LSN": "0', '"Start-LSN": "1')),
  ],
] as const)(
  'a manifest that is %s is said in one line to be damaged',
  async ([_how, damage], { folder, command }) => {
    const first = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
    await first.dispose();
    await command('backup', 'backup', 'data');
    const manifest = join(folder, 'backup/backup_manifest');
    const bytes = await readFile(manifest);
    expect(damage(bytes)).not.toEqual(bytes);
    await writeFile(manifest, damage(bytes));
    expect(await command('restore', 'backup', 'restored')).toEqual({
      code: 78,
      stdout: '',
      stderr: 'Configuration (command): SOURCE is damaged: a file is not as PostgreSQL wrote it\n',
    });
  },
);

test('nothing is written over, and what is wrong is said in one line', async ({
  folder,
  startPostgres,
  command,
}) => {
  const refusal = async (...given: Parameters<typeof command>): Promise<string> => {
    const { code, stderr } = await command(...given);
    expect(code).toBe(78);
    return stderr.replace('Configuration (command): ', '').trim();
  };
  expect(await refusal('backup', 'backup', '')).toMatch(/^DATA_DIR is missing/);
  expect(await refusal('backup', 'backup', 'data')).toBe('DATA_DIR holds no database of a backend');
  expect(await refusal('restore', 'backup', 'data')).toBe('SOURCE is not a backup: base.tar is missing');
  await startPostgres(join(folder, 'data'));
  expect(await refusal('backup', 'data', 'data')).toBe('TARGET holds something already');
  expect(await command('backup', 'backup', 'data')).toMatchObject({ code: 0 });
  expect(await refusal('restore', 'backup', 'data')).toBe(
    'DATA_DIR holds a database already; move it away first',
  );
});
