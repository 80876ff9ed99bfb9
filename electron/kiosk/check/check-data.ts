/** `latchpoint check`, of the kiosk's data: by the names and sizes of its files alone, as a kiosk may be running on them. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';
import type { CheckPorts, CheckResult } from './ports.ts';

const part = 'data';
/** `data/storage/set-aside.ts` names it so, and what goes with it. */
const setAside = /^kiosk\.db\.damaged-[^.]+(?<!-wal|-shm)$/;

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

export const checkData = async ({ dataDir }: Pick<CheckPorts, 'dataDir'>): Promise<CheckResult> => {
  const names = await readdir(dataDir).catch((error: unknown) => {
    const code = codeOf(error);
    return code === 'ENOENT' ? [] : { code };
  });
  if ('code' in names)
    return { part, ok: null, seen: `its folder can't be read by this account (${names.code})` };
  const size = await sizeOf(join(dataDir, 'kiosk.db'));
  const isRegistered = (await sizeOf(join(dataDir, 'vault', 'identity.json'))) !== null;
  const log = await sizeOf(join(dataDir, 'kiosk.db-wal'));
  const aside = names.filter((name) => setAside.test(name)).sort();
  if (isRegistered && (size ?? 0) === 0 && (log ?? 0) === 0)
    return {
      part,
      ok: false,
      seen: 'the kiosk is registered, and its file is gone or empty: what had not been sent is lost',
    };
  if (aside.length > 0)
    return {
      part,
      ok: null,
      seen: `${aside.length === 1 ? 'one damaged file is' : `${aside.length} damaged files are`} set aside, the last ${String(aside.at(-1))}: look at the disk`,
    };
  return { part, ok: true, seen: size === null ? 'none yet' : 'nothing was set aside' };
};
