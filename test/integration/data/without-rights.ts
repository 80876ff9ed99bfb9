/**
 * A way to start a process for which read-only is read-only. Root's rights know no such thing, so a root's tests run it as
 * nobody; or, where nobody may not read the project, as root without the capabilities to pass over rights.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WithoutRights {
  /** What stands before the command. */
  readonly prefix: readonly [] | readonly [string, ...string[]];
  /** As whom it runs, where that is not the one who runs the test. */
  readonly as: { readonly uid: number; readonly gid: number } | null;
}

const isRoot = process.getuid?.() === 0;
const itself: WithoutRights = { prefix: [], as: null };
const nobody: WithoutRights = { prefix: [], as: { uid: 65_534, gid: 65_534 } };
const bareRoot: WithoutRights = {
  prefix: ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all'],
  as: null,
};

/** Whether a process that is started that way can read `file`, and can't write where it must not. */
const works = ({ prefix, as }: WithoutRights, file: string): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-rights-'));
  if (as) chownSync(folder, as.uid, as.gid);
  chmodSync(folder, 0o555);
  const script = `
    fs.readFileSync(${JSON.stringify(file)});
    fs.readdirSync(${JSON.stringify(folder)});
    try { fs.writeFileSync(${JSON.stringify(join(folder, 'probe'))}, ''); } catch { process.exit(42); }`;
  const [command, ...args] = [...prefix, process.execPath, '-e', script];
  const { status } = spawnSync(command, args, { ...as, stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
  return status === 42;
};

/** Null where there is no such way on this system. */
export const findWithoutRights = (file: string): WithoutRights | null =>
  (isRoot ? [nobody, bareRoot] : [itself]).find((way) => works(way, file)) ?? null;
