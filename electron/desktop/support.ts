/** `latchpoint support FILE`: what whoever helps from afar asks for first, in one text file that holds no secret. */
import { open, readdir, stat, statfs, writeFile } from 'node:fs/promises';
import { arch, freemem, release, totalmem, type, uptime } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';

/** The file that the arguments name; null where they ask for something else. */
export const supportFileOf = (argv: readonly string[]): string | null =>
  argv.at(-2) === 'support' ? (argv.at(-1) ?? null) : null;

/** The end of a log: days of a usual store. A file stays small enough to be sent by mail. */
const logBytes = 512 * 1024;
const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;

export interface SupportPorts {
  /** In ms since 1970. */
  readonly now: number;
  /** By name: of the product and of what it stands on. */
  readonly versions: Readonly<Record<string, string>>;
  readonly logDir: string;
  /** Prints what `latchpoint check` prints, and answers where the data is; null where the configuration could not be read. */
  readonly check: (print: (line: string) => void) => Promise<string | null>;
}

const why = (error: unknown): string => (codeOf(error) === 'ENOENT' ? 'there is none' : codeOf(error));

/** Each file by its size and time, none by its content. What cannot be looked at is told by its error code. */
const filesIn = async (folder: string): Promise<string[]> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    const lines = [`${mib(bavail * bsize)} free`];
    for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
      const found = await stat(join(folder, name)).catch(() => null);
      if (found?.isFile()) lines.push(`${found.mtime.toISOString()} ${found.size} ${name}`);
    }
    return lines;
  } catch (error) {
    return [why(error)];
  }
};

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

/**
 * Writes `path`, readable by its owner alone; a file that is there stays, and the promise is rejected. The log has no secrets in it
 * (`test/e2e/canary.test.ts`), settings that are secret are told as "set".
 */
export const writeSupport = async (path: string, ports: SupportPorts): Promise<void> => {
  const checked: string[] = [];
  const dataDir = await ports.check((line) => checked.push(line));
  const parts: readonly (readonly [string, readonly string[]])[] = [
    [
      'what runs',
      [
        ...Object.entries(ports.versions).map(([name, version]) => `${name} ${version}`),
        `${type()} ${release()} ${arch()}, up for ${Math.round(uptime() / 60)} min, ${mib(freemem())} of ${mib(totalmem())} free`,
      ],
    ],
    ['latchpoint check', checked],
    ['data folder', dataDir === null ? ['not known'] : await filesIn(dataDir)],
    ['log, the older file', await endOf(join(ports.logDir, 'kiosk.old.log'))],
    ['log', await endOf(join(ports.logDir, 'kiosk.log'))],
  ];
  const text = parts.map(([title, lines]) => `== ${title}\n${lines.join('\n')}\n`).join('\n');
  const head = `Latchpoint, written at ${new Date(ports.now).toISOString()} by this computer's clock\n\n`;
  await writeFile(path, head + text, { flag: 'wx', mode: 0o600 });
};
