/** Makes a backup of the cluster in `DATA_DIR`: a folder with PostgreSQL's own copy, the cluster's password, and what it is. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { invalid, passwordName, syncToDisk, writePassword } from './backup-folder.ts';
import { takeBaseBackup } from './base-backup.ts';
import { exists, locateCluster } from './cluster.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { livePostmaster } from './owner.ts';
import { beginBackup, type PartialBackup } from './partial-backup.ts';

const isEmptyOrMissing = async (folder: string): Promise<boolean> =>
  (
    await readdir(folder).catch((failure: unknown) => {
      if (codeOf(failure) === 'ENOENT') return [];
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
  let partial: PartialBackup | null = null;
  try {
    partial = await beginBackup(target);
    const { folder } = partial;
    const where = running ?? { host: started?.connection.host ?? '', port: 5432 };
    await takeBaseBackup({ ...where, user: 'latchpoint', password }, folder);
    await writeFile(join(folder, passwordName), writePassword(password), { mode: 0o600, flush: true });
    await syncToDisk(folder);
    // Only a whole one gets the name, and only one does.
    await partial.finish().catch(async (failure: unknown) => {
      throw (await isEmptyOrMissing(target)) ? failure : invalid('TARGET', 'holds something already');
    });
    await syncToDisk(join(resolve(target), '..'));
  } finally {
    await started?.dispose();
    await partial?.dispose();
  }
};
