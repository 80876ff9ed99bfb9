/**
 * The Chromium inside `@sparticuz/chromium`, unpacked once per person into a folder of its own, with the libraries and fonts
 * that the package brings for machines that have none of their own.
 */
import packaged, { inflate } from '@sparticuz/chromium';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PackagedBrowser {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const archives = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));

/** Its own list is for a serverless machine: one process for everything, and the web's own protections off. */
const unwanted = new Set([
  '--single-process',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--ignore-gpu-blocklist',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]);

/** The package unpacks into the system's folder for temporary files, whichever that is at the time. */
const within = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
};

/** Whole or absent: unpacked beside, then renamed, so that neither a killed run nor a second one leaves half a browser. */
const unpack = async (folder: string): Promise<void> => {
  const beside = `${folder}.${process.pid}`;
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  await within(beside, async () => {
    await packaged.executablePath();
    await inflate(join(archives, 'al2023.tar.br'));
  });
  try {
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
};

/** A dynamic linker that misses a library says so before the program can say its version. */
const lacksLibraries = (executable: string): boolean => spawnSync(executable, ['--version']).status !== 0;

/** Without a single font a page has no text at all, not even for a test that reads it. */
const lacksFonts = (): boolean =>
  !existsSync('/etc/fonts') ||
  !existsSync('/usr/share/fonts') ||
  readdirSync('/usr/share/fonts').length === 0;

export const unpackBrowser = async (): Promise<PackagedBrowser> => {
  // A newer browser has another size, and so a folder of its own.
  const { size } = statSync(join(archives, 'chromium.br'));
  const folder = join(tmpdir(), `latchpoint-chromium-${process.getuid?.() ?? 0}-${size}`);
  if (!existsSync(folder)) await unpack(folder);
  const executablePath = join(folder, 'chromium');
  const env: Record<string, string> = {};
  if (lacksLibraries(executablePath)) env.LD_LIBRARY_PATH = join(folder, 'al2023', 'lib');
  if (lacksFonts()) env.FONTCONFIG_PATH = join(folder, 'fonts');
  return { executablePath, args: packaged.args.filter((arg) => !unwanted.has(arg)), env };
};
