/** What a host has that can be updated by itself: where packages are handed over, and to whom. */
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { writeDurably } from '../vault/durable-file.ts';
import type { UpdateKey } from './proof.ts';

export interface UpdatesHost {
  /** The channel's: what it has not signed does not exist. */
  readonly key: UpdateKey;
  /** The version that runs. */
  readonly version: string;
  /** `linux-x64`, … */
  readonly platform: string;
  /** The kiosk's own: downloads, and what is handed over. */
  readonly folder: string;
  /** Written by what installs, and by nobody else. */
  readonly resultFile: string;
}

/**
 * Says that this version has come up: its data is open and its page shows something. What has installed it goes back otherwise. Says it to
 * nobody where there is no such folder: then nothing was ever installed from it.
 */
export const noteStartedWell = async (folder: string, version: string, logger: Logger): Promise<void> => {
  try {
    await writeDurably(join(folder, 'started-well'), `${version}\n`);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT') logger.warn('that it started well was not noted', { code });
  }
};
