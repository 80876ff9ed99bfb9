/**
 * What a cut has left, looked at without booting: the file system is replayed and checked as at a mount, the kiosk's folder taken out, and
 * read by the kiosk itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const run = (program: string, args: readonly string[], mostCode = 0): void => {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], { encoding: 'utf8' });
  const said = error?.message ?? `${stdout}${stderr}`.trim().slice(-1000);
  insist(status !== null && status <= mostCode, `${program} ended with ${status}: ${said}`);
};

/** What the kiosk has of that disk; rejects where the file system or the kiosk does not come up on it. */
export const keptOn = async (disk: Buffer, { host, config, work }: Judge): Promise<Kept> => {
  rmSync(work, { recursive: true, force: true });
  const folder = join(work, 'home');
  mkdirSync(folder, { recursive: true });
  const file = join(work, 'cut.raw');
  writeFileSync(file, disk);
  // As Debian does it before it mounts: replays the journal, and stops where more than that is wrong.
  run('e2fsck', ['-p', file], mended);
  run('e2fsck', ['-f', '-n', file]);
  run('debugfs', ['-R', `rdump / ${folder}`, file]);
  const core = await startCore(host, { ...config, dataDir: join(folder, dataIn) });
  try {
    return await readKept(core);
  } finally {
    await core.stop();
  }
};
