/** Where an Electron of the right version may lie on this machine; nothing here fetches one. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { haveTools, runTool } from './tools.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const npmPackage = join(root, 'node_modules/electron');

export type PackPlatform = 'linux' | 'win32';
type Environment = Readonly<Record<string, string | undefined>>;

/** The program's name in a folder of an Electron, by platform. */
export const electronPrograms = { linux: 'electron', win32: 'electron.exe' } as const;

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(npmPackage, name), 'utf8'));

/** The version of the npm package, which a binary has to have. */
export const electronVersion = (): string =>
  String((readJson('package.json') as { version?: unknown }).version);

/** What an unpacked Electron says of itself. */
const versionIn = (folder: string): string => {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'of no known version';
};

/**
 * The folder of an Electron for that platform: `LATCHPOINT_ELECTRON_DIST`, else `ELECTRON_OVERRIDE_DIST_PATH`, else the npm package's;
 * null where there is none. Throws where a named folder has none, or one of another version: what was tested is what is shipped.
 */
export const findElectron = (env: Environment, platform: PackPlatform = 'linux'): string | null => {
  const program = electronPrograms[platform];
  for (const name of ['LATCHPOINT_ELECTRON_DIST', 'ELECTRON_OVERRIDE_DIST_PATH']) {
    const folder = env[name];
    if (folder === undefined) continue;
    if (!existsSync(join(folder, program))) throw new Error(`There is no ${program} in ${name}=${folder}`);
    const version = versionIn(folder);
    if (version !== electronVersion())
      throw new Error(`${name}=${folder} is Electron ${version}, and ${electronVersion()} is wanted`);
    return folder;
  }
  const installed = join(npmPackage, 'dist');
  return existsSync(join(installed, program)) ? installed : null;
};

const zipName = (): string => `electron-v${electronVersion()}-linux-x64.zip`;

/** The zip that Electron's own installer has kept, in whatever folder of its cache; null where it has none. */
export const findKeptZip = (env: Environment): string | null => {
  const cache =
    env['electron_config_cache'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'electron');
  if (!existsSync(cache)) return null;
  const found = readdirSync(cache, { recursive: true, encoding: 'utf8' }).find(
    (path) => basename(path) === zipName(),
  );
  return found === undefined ? null : join(cache, found);
};

/**
 * Unpacks a zip of Electron for Linux on x64 once its SHA-256 is the one that the npm package lists for this version. Throws where it is
 * another, or where it can't be unpacked.
 */
export const unpackZip = async (zip: string, into: string, tell: (line: string) => void): Promise<void> => {
  const expected = (readJson('checksums.json') as Readonly<Record<string, unknown>>)[zipName()];
  if (typeof expected !== 'string') throw new Error(`Electron lists no checksum for ${zipName()}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(zip), hash);
  if (hash.digest('hex') !== expected) throw new Error(`${zip} is not ${zipName()}: its SHA-256 is another`);
  const missing = await haveTools(['unzip'], tell);
  if (missing.length > 0) throw new Error(`To unpack ${zip}, install ${missing.join(', ')}`);
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  runTool('unzip', ['-q', zip, '-d', into]);
};
