/** When a version counts as come up, and saying so to what has installed it. */
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { writeDurably } from '../vault/durable-file.ts';

export interface StartedWell {
  /** The kiosk is made: its data is open. */
  made(): void;
  /** The page said that it is alive, and whether it shows anything. */
  alive(showsSomething: boolean): void;
}

/** Calls `note` once: the first time that the page shows something with the kiosk behind it. What it showed before needs no kiosk. */
export const createStartedWell = (note: () => void): StartedWell => {
  let isMade = false;
  let isNoted = false;
  return {
    made: () => (isMade = true),
    alive: (showsSomething) => {
      if (!isMade || !showsSomething || isNoted) return;
      isNoted = true;
      note();
    },
  };
};

/**
 * Says that this version has come up: its data is open and its page shows something. What has installed it goes back otherwise. Says it to
 * nobody where there is no such folder: then nothing was ever installed from it.
 */
export const noteStartedWell = async (folder: string, version: string, logger: Logger): Promise<void> => {
  logger.info('started well', { version });
  try {
    await writeDurably(join(folder, 'started-well'), `${version}\n`);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT') logger.warn('that it started well was not noted', { code });
  }
};
