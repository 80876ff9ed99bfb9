/** The folder of a run, of the user that its processes run as; and, where that may be mounted, a small disk in it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseRunAs } from '#backend/postgres/run-as.ts';
import type { Owned } from './owned.ts';

const diskMegabytes = 1024;

export interface WorkFolder extends Owned {
  readonly smallDisk: string | undefined;
}

/** Removed afterwards, unless `work` says that something is to be looked at. */
export const inWorkFolder = async (
  name: string,
  tell: (line: string) => void,
  work: (folder: WorkFolder) => Promise<{ readonly keep: boolean }>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), `latchpoint-${name}-`));
  chmodSync(folder, 0o755);
  const runAs = await chooseRunAs(folder);
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const size = `size=${diskMegabytes}m`;
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'latchpoint', disk]).status === 0;
  if (isMounted && runAs) chownSync(disk, runAs.uid, runAs.gid);
  let keep = true;
  try {
    ({ keep } = await work({ folder, runAs, smallDisk: isMounted ? disk : undefined }));
  } finally {
    if (isMounted) spawnSync('umount', [disk]);
    if (keep) tell(`logs are in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
};
