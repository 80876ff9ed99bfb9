/**
 * Handing a verified package to what installs (build/packaging/linux/latchpoint-update.sh), which believes none of it. The request is written
 * last: it starts what installs, and taken back before that has begun it stops it.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../vault/durable-file.ts';

const requestIn = (folder: string): string => join(folder, 'request');

/** The package lies there already (`download.ts`). Rejects where the disk takes nothing. */
export const requestInstall = async (
  folder: string,
  version: string,
  manifest: Uint8Array,
): Promise<void> => {
  await writeDurably(join(folder, 'manifest'), manifest);
  await writeDurably(requestIn(folder), `${version}\n`);
};

/** Does nothing where nothing was handed over, or it was dealt with already. */
export const takeBack = (folder: string): Promise<void> => rm(requestIn(folder), { force: true });

/** Whether what was handed over waits to be dealt with. */
export const isHandedOver = async (folder: string): Promise<boolean> =>
  (await stat(requestIn(folder)).catch(() => null)) !== null;
