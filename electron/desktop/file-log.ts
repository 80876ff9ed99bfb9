import log from 'electron-log/node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLineLogger } from '#kiosk/platform/line-logger.ts';
import type { Logger } from '#shared/flow/logger.ts';

const largestFileBytes = 5 * 1024 * 1024;

/** Whether the last line was cut short, by a full disk or a sudden end. */
const isCutShort = (path: string): boolean => {
  try {
    const last = readFileSync(path).at(-1);
    return last !== undefined && last !== 0x0a;
  } catch {
    return false;
  }
};

/** Logs to `kiosk.log` in `dir`; at 5 MiB the file becomes `kiosk.old.log`, so that logs never fill a disk. */
export const createFileLog = (dir: string, now: () => number): Logger => {
  const path = join(dir, 'kiosk.log');
  const file = log.create({ logId: 'kiosk' });
  file.transports.console.level = false;
  // Where it finds no name it writes nothing, and doesn't say so (findings/electron-log-no-name.sh).
  file.transports.file.setAppName('latchpoint');
  file.transports.file.resolvePathFn = () => path;
  file.transports.file.maxSize = largestFileBytes;
  file.transports.file.format = '{text}';
  let isCut = isCutShort(path);
  // What a full disk has not taken is lost; what it took half of is not to spoil the line that comes after it.
  file.transports.file.getFile().on('error', () => (isCut = true));
  const write = (line: string): void => {
    const begin = isCut ? '\n' : '';
    isCut = false;
    file.info(begin + line);
  };
  return createLineLogger({ write, now, level: 'info' });
};
