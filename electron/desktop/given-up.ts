import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';

const againWithinMs = 10 * 60_000;

/**
 * With which code to end when the page could not be kept alive: the first time the kiosk is to be started again, when that
 * has not helped for ten minutes, the computer. `now`: wall clock, ms since the epoch.
 */
export const exitCodeAfterGivingUp = async (dataDir: string, now: number): Promise<ExitCode> => {
  const file = join(dataDir, 'page-lost');
  const before = Number(await readFile(file, 'utf8').catch(() => '0'));
  // On a full disk nothing is remembered, and the kiosk is started again instead of the computer.
  await writeFile(file, String(now)).catch(() => undefined);
  const elapsed = now - before;
  return elapsed >= 0 && elapsed < againWithinMs ? exitCodes.restartComputer : exitCodes.pageLost;
};
