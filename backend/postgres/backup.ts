/** Backups of the cluster in `DATA_DIR`: a folder with PostgreSQL's own copy, the cluster's password, and what it is. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { silentLogger } from '../platform/ports.ts';
import { archiveName, manifestName, takeBaseBackup } from './base-backup.ts';
import { exists, keepPassword, locateCluster, makeClusterFolder } from './cluster.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { dataFolderMode, livePostmaster, takeFolder } from './owner.ts';
import type { RunAs } from './run-as.ts';

const passwordName = 'postgres.password';
const manifestSchema = z.object({
  'Manifest-Checksum': z.string(),
  Files: z.array(
    z.object({
      Path: z.string().optional(),
      'Encoded-Path': z.string().optional(),
      Size: z.int(),
      Checksum: z.string(),
      'Checksum-Algorithm': z.literal('SHA256'),
    }),
  ),
});

const invalid = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: 'command', path, problem });

const isEmptyOrMissing = async (folder: string): Promise<boolean> =>
  (
    await readdir(folder).catch((failure: unknown) => {
      if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return [];
      throw invalid('TARGET', 'is not a folder that can be read');
    })
  ).length === 0;

/** How the PostgreSQL that runs on a cluster is spoken to; null where none runs. */
const runningOn = async (dir: string): Promise<{ readonly host: string; readonly port: number } | null> => {
  if ((await livePostmaster(dir)) === null) return null;
  const [, , , port = '', host = ''] = (await readFile(join(dir, 'postmaster.pid'), 'utf8')).split('\n');
  return { host: host.trim(), port: Number(port) };
};

/**
 * Makes a backup of the cluster in `dataDir` in the folder `target`, which must not hold anything. A backend that runs on it goes
 * on; where none does, PostgreSQL is started for it. Throws `config.invalid`, and `storage.in_use` while a backend starts.
 */
export const backUp = async (dataDir: string, target: string): Promise<void> => {
  const { dir, passwordFile } = await locateCluster(dataDir);
  if (!(await exists(passwordFile))) throw invalid('DATA_DIR', 'holds no database of a backend');
  if (!(await isEmptyOrMissing(target))) throw invalid('TARGET', 'holds something already');
  const password = await readFile(passwordFile, 'utf8');
  const running = await runningOn(dir);
  const started = running ? null : await startEmbeddedPostgres(dataDir, silentLogger);
  // Its own: another command may be making a backup there at the same time.
  const partial = `${resolve(target)}.${process.pid}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o700, recursive: true });
    const where = running ?? { host: started?.connection.host ?? '', port: 5432 };
    await takeBaseBackup({ ...where, user: 'latchpoint', password }, partial);
    await writeFile(join(partial, passwordName), password, { mode: 0o600, flush: true });
    await syncFolder(partial);
    // Only a whole one gets the name, and only one does.
    await rename(partial, target).catch(async (failure: unknown) => {
      throw (await isEmptyOrMissing(target)) ? failure : invalid('TARGET', 'holds something already');
    });
    await syncFolder(join(resolve(target), '..'));
  } finally {
    await started?.dispose();
    await rm(partial, { recursive: true, force: true });
  }
};

const syncFolder = async (folder: string): Promise<void> => {
  await using handle = await open(folder);
  await handle.sync();
};

/**
 * Puts the backup in the folder `source` into `dataDir`, which must not hold a database. Every file is compared with the
 * checksum that PostgreSQL gave it. Throws `config.invalid` and `storage.in_use`; what was begun then is not used by a backend.
 */
export const restore = async (source: string, dataDir: string): Promise<void> => {
  for (const name of [archiveName, manifestName, passwordName]) {
    if (!(await exists(join(source, name)))) throw invalid('SOURCE', `is not a backup: ${name} is missing`);
  }
  await mkdir(dataDir, { recursive: true, mode: dataFolderMode });
  const { passwordFile } = await locateCluster(dataDir);
  if (await exists(passwordFile)) throw invalid('DATA_DIR', 'holds a database already; move it away first');
  const giveUp = await takeFolder(dataDir);
  try {
    const { dir, runAs } = await makeClusterFolder(dataDir);
    await unpack(join(source, archiveName), dir, runAs);
    await verify(dir, readManifest(await readFile(join(source, manifestName))));
    await keepPassword(passwordFile, await readFile(join(source, passwordName), 'utf8'));
  } finally {
    await giveUp();
  }
};

/** As the user that owns the cluster, who may not reach the archive: it is opened here and handed on. */
const unpack = async (archive: string, dir: string, runAs: RunAs | null): Promise<void> => {
  await using file = await open(archive);
  const tar = spawn('tar', ['-x', '-f', '-'], { cwd: dir, stdio: [file.fd, 'ignore', 'ignore'], ...runAs });
  await once(tar, 'exit').catch((cause: unknown) => {
    throw new AppFailure(
      'config.invalid',
      { source: 'command', path: 'tar', problem: 'cannot be run' },
      { cause },
    );
  });
  if (tar.exitCode !== 0) throw invalid('SOURCE', 'cannot be unpacked: it is damaged, or the disk is full');
};

const damaged = invalid('SOURCE', 'is damaged: a file is not as PostgreSQL wrote it');

/** Its last line is the checksum of all before it. */
const readManifest = (bytes: Buffer): z.infer<typeof manifestSchema> => {
  const end = bytes.lastIndexOf('"Manifest-Checksum"');
  try {
    const manifest = manifestSchema.parse(JSON.parse(bytes.toString()));
    const found = createHash('sha256').update(bytes.subarray(0, end)).digest('hex');
    if (manifest['Manifest-Checksum'].toLowerCase() === found) return manifest;
  } catch {
    // What is cut short is no JSON, or has no checksum.
  }
  throw damaged;
};

const verify = async (dir: string, manifest: z.infer<typeof manifestSchema>): Promise<void> => {
  for (const file of manifest.Files) {
    const path = file.Path ?? Buffer.from(file['Encoded-Path'] ?? '', 'hex').toString();
    const found = await stat(join(dir, path)).catch(() => null);
    if (found?.size !== file.Size) throw damaged;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(dir, path)), hash);
    if (hash.digest('hex') !== file.Checksum.toLowerCase()) throw damaged;
  }
};
