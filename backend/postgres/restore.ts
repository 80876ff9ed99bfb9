/** Puts a backup into a `DATA_DIR` that holds no database: whole, on the disk and as it was, or not at all. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { invalid, passwordName, readPassword, syncToDisk } from './backup-folder.ts';
import { archiveName, manifestName } from './base-backup.ts';
import {
  exists,
  keepPassword,
  locateCluster,
  makeClusterFolder,
  refuseUsed,
  restoringName,
} from './cluster.ts';
import { dataFolderMode, takeFolder } from './owner.ts';
import type { RunAs } from './run-as.ts';

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

const damaged = invalid('SOURCE', 'is damaged: a file is not as PostgreSQL wrote it');

/**
 * Puts the backup in the folder `source` into `dataDir`, which must not hold a database. Every file is compared with the
 * checksum that PostgreSQL gave it. Throws `config.invalid` and `storage.in_use`; no backend starts on what was begun then, and
 * restoring once more begins anew.
 */
export const restore = async (source: string, dataDir: string): Promise<void> => {
  for (const name of [archiveName, manifestName, passwordName]) {
    if (!(await exists(join(source, name)))) throw invalid('SOURCE', `is not a backup: ${name} is missing`);
  }
  const password = readPassword(await readFile(join(source, passwordName), 'utf8'));
  if (password === null) throw damaged;
  await mkdir(dataDir, { recursive: true, mode: dataFolderMode });
  const { passwordFile } = await locateCluster(dataDir);
  const refuseDatabase = async (): Promise<void> => {
    if (await exists(passwordFile)) throw invalid('DATA_DIR', 'holds a database already; move it away first');
    await refuseUsed(dataDir);
  };
  await refuseDatabase();
  const giveUp = await takeFolder(dataDir);
  try {
    // Another command, or a first start, may have made one just now.
    await refuseDatabase();
    // A backend that is started after this was broken off must not begin with an empty database.
    await writeFile(join(dataDir, restoringName), '', { mode: 0o600, flush: true });
    await syncToDisk(dataDir);
    const { dir, runAs } = await makeClusterFolder(dataDir);
    await unpack(join(source, archiveName), dir, runAs);
    await verify(dir, readManifest(await readFile(join(source, manifestName))));
    await syncAll(dir);
    await keepPassword(passwordFile, password);
    await syncToDisk(dataDir);
    await rm(join(dataDir, restoringName), { force: true });
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

/** PostgreSQL takes for granted that what it finds is on the disk, and so does whoever reads that it is restored. */
const syncAll = async (dir: string): Promise<void> => {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() || entry.isDirectory()) await syncToDisk(join(entry.parentPath, entry.name));
  }
  await syncToDisk(dir);
  await syncToDisk(dirname(dir));
};
