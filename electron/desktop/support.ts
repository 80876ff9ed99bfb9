/** `latchpoint support FILE`: what whoever helps from afar asks for first, in one text file that holds no secret. */
import { open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { arch, freemem, release, totalmem, type, uptime } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';

/** The end of a log: days of a usual store. A file stays small enough to be sent by mail. */
const logBytes = 512 * 1024;
const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

export interface SupportPorts {
  /** In ms since 1970. */
  readonly now: number;
  /** By name: of the product and of what it stands on. */
  readonly versions: Readonly<Record<string, string>>;
  readonly logDir: string;
  /** Null where the configuration could not be read. */
  readonly dataDir: string | null;
  /** Prints what `latchpoint check` prints. */
  readonly check: (print: (line: string) => void) => Promise<void>;
}

const why = (error: unknown): string => (codeOf(error) === 'ENOENT' ? 'there is none' : codeOf(error));

/** Each file by its size and time, none by its content. What cannot be looked at is told by its error code. */
const filesIn = async (folder: string, below = ''): Promise<string[]> => {
  const lines: string[] = [];
  try {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (entry.isDirectory()) lines.push(...(await filesIn(folder, path)));
      const found = entry.isFile() ? await stat(join(folder, path)) : null;
      if (found) lines.push(`${found.mtime.toISOString()} ${found.size} ${path}`);
    }
  } catch (error) {
    lines.push(`${below} ${why(error)}`.trimStart());
  }
  return lines;
};

const freeIn = (folder: string): Promise<string> =>
  statfs(folder).then(({ bavail, bsize }) => `${mib(bavail * bsize)} free`, why);

/** Whole lines from the end of the file. */
const endOf = async (path: string): Promise<string[]> => {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const from = Math.max(0, size - logBytes);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    return from === 0 ? lines : [`(${mib(from)} before it left out)`, ...lines.slice(1)];
  } catch (error) {
    return [why(error)];
  }
};

const part = (title: string, lines: readonly string[]): string => `== ${title}\n${lines.join('\n')}\n\n`;

/**
 * Writes `path`, readable by its owner alone; a file that is there stays, and the promise is rejected. What only reads comes first, so
 * that it is there even where a look at the machine ends the program. The log has no secrets in it (`test/e2e/canary.test.ts`), settings
 * that are secret are told as "set".
 */
export const writeSupport = async (path: string, ports: SupportPorts): Promise<void> => {
  const { now, versions, logDir, dataDir, check } = ports;
  await using file = await open(path, 'wx', 0o600);
  try {
    await file.appendFile(
      `Latchpoint, written at ${new Date(now).toISOString()} by this computer's clock\n\n` +
        part('what runs', [
          ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
          `${type()} ${release()} ${arch()}, up for ${Math.round(uptime() / 60)} min, ${mib(freemem())} of ${mib(totalmem())} free`,
        ]) +
        part(
          'data folder',
          dataDir === null ? ['not known'] : [await freeIn(dataDir), ...(await filesIn(dataDir))],
        ) +
        part('log, the older file', await endOf(join(logDir, 'kiosk.old.log'))) +
        part('log', await endOf(join(logDir, 'kiosk.log'))),
    );
    const checked: string[] = [];
    await check((line) => checked.push(line));
    await file.appendFile(part('latchpoint check', checked));
  } catch (error) {
    // A part of it would stand in the way of the next try.
    await rm(path, { force: true });
    throw error;
  }
};
