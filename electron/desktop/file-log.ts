import log from 'electron-log/node';
import { join } from 'node:path';
import { createLineLogger } from '#kiosk/platform/line-logger.ts';
import type { Logger } from '#shared/flow/logger.ts';

const largestFileBytes = 5 * 1024 * 1024;

/** Logs to `kiosk.log` in `dir`; at 5 MiB the file becomes `kiosk.old.log`, so that logs never fill a disk. */
export const createFileLog = (dir: string, now: () => number): Logger => {
  const file = log.create({ logId: 'kiosk' });
  file.transports.console.level = false;
  // Where it finds no name it writes nothing, and doesn't say so (findings/electron-log-no-name.sh).
  file.transports.file.setAppName('latchpoint');
  file.transports.file.resolvePathFn = () => join(dir, 'kiosk.log');
  file.transports.file.maxSize = largestFileBytes;
  file.transports.file.format = '{text}';
  return createLineLogger({ write: (line) => file.info(line), now, level: 'info' });
};
