import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { parseSource, type ConfigSource } from './config-sources.ts';

/** Where IT's policy lies on Linux: written by what looks after many machines, it wins over the machine's own file. */
const policyFile = '/etc/latchpoint/policy.json';

/** The files that are read, the later one wins. On Windows the policy lies in the registry. */
export const configFiles = (
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] =>
  platform === 'win32' ? [machineFilePath(platform, env)] : [machineFilePath(platform, env), policyFile];

/** Where IT puts the machine's configuration. */
const machineFilePath = (
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string =>
  platform === 'win32'
    ? join(env['ProgramData'] ?? 'C:\\ProgramData', 'Latchpoint', 'kiosk.json')
    : '/etc/latchpoint/kiosk.json';

const invalid = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: path, path: '', problem });

/**
 * The text of a file that decides whom the kiosk trusts; null where there is none. On Linux it has to belong to root and be writable by
 * nobody else; on Windows the folder's access rights hold that (docs/it-guide.md). Throws `config.invalid`.
 */
export const readTrustedFile = async (path: string, platform: NodeJS.Platform): Promise<string | null> => {
  try {
    if (platform !== 'win32') {
      const { uid, mode } = await stat(path);
      if (uid !== 0 || (mode & 0o022) !== 0) throw invalid(path, 'only root may own it and write to it');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AppFailure) throw error;
    if (codeOf(error) === 'ENOENT') return null;
    throw invalid(path, 'it cannot be read');
  }
};

/** Reads one of these files; an absent one is empty. */
export const readConfigFile = async (path: string, platform: NodeJS.Platform): Promise<ConfigSource> => {
  const text = await readTrustedFile(path, platform);
  return text === null ? { name: path, values: {} } : parseSource(path, text);
};
