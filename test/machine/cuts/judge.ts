/**
 * What a cut has left, looked at without booting: the file system is replayed and checked as at a mount, the kiosk's folder taken out, and
 * read by the kiosk itself.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { insist } from '../../controllers/radio-checks.ts';
import { readKept, startCore, type Kept } from '../kiosk-core.ts';

export interface Judge {
  /** The browser host that was packed. */
  readonly host: string;
  /** The kiosk's configuration, with a passphrase file that is here. */
  readonly config: object;
  /** A folder of its own. */
  readonly work: string;
}

/** 1: errors were corrected, as the journal's replay does. */
const mended = 1;
const dataIn = '.config/Latchpoint/data';

const execute = promisify(execFile);
const failedSchema = z.looseObject({ code: z.union([z.int(), z.string()]), stdout: z.string().default('') });

const run = async (program: string, args: readonly string[], mostCode = 0): Promise<void> => {
  try {
    await execute(program, [...args]);
  } catch (error) {
    const { code, stdout } = failedSchema.parse(error);
    const isFine = typeof code === 'number' && code <= mostCode;
    insist(isFine, `${program} ended with ${code}: ${stdout.trim().slice(-1000)}`);
  }
};

/** What the kiosk has of that disk; rejects where the file system or the kiosk does not come up on it. */
export const keptOn = async (disk: Buffer, { host, config, work }: Judge): Promise<Kept> => {
  rmSync(work, { recursive: true, force: true });
  const folder = join(work, 'home');
  mkdirSync(folder, { recursive: true });
  const file = join(work, 'cut.raw');
  writeFileSync(file, disk);
  // As Debian does it before it mounts: replays the journal, and stops where more than that is wrong.
  await run('e2fsck', ['-p', file], mended);
  await run('e2fsck', ['-f', '-n', file]);
  await run('debugfs', ['-R', `rdump / ${folder}`, file]);
  const core = await startCore(host, { ...config, dataDir: join(folder, dataIn) });
  try {
    return await readKept(core);
  } finally {
    await core.stop();
  }
};
