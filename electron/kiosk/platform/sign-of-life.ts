/**
 * A process that hangs says nothing about it. So whoever has started it may name a file (`KIOSK_ALIVE_FILE`), which the process that must live
 * touches as long as it comes round to its timers; left untouched, it is ended and started again (packaging/linux/kiosk-session.sh).
 */
import { utimesSync } from 'node:fs';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Clock } from './clock.ts';
import type { Logger } from '#shared/flow/logger.ts';

export interface SignOfLife {
  dispose(): void;
}

export interface SignOfLifePorts {
  /** The file, which is there already; undefined: nobody looks. */
  readonly path: string | undefined;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger;
  /** Sets the file's time; it takes no room on a full disk. */
  readonly touch?: (path: string) => void;
}

export const aliveEveryMs = 5_000;

const touchFile = (path: string): void => {
  const now = new Date();
  utimesSync(path, now, now);
};

/** Gives the first sign at once, and then one every five seconds until it is disposed of. */
export const giveSignsOfLife = ({ path, clock, logger, touch = touchFile }: SignOfLifePorts): SignOfLife => {
  let cancel = (): void => undefined;
  let failing = false;
  const give = (file: string): void => {
    try {
      touch(file);
      failing = false;
    } catch (error) {
      if (!failing) logger.warn('no sign of life could be given', { code: codeOf(error) });
      failing = true;
    }
    cancel = clock.after(aliveEveryMs, () => give(file));
  };
  if (path !== undefined && path !== '') give(path);
  return { dispose: () => cancel() };
};
