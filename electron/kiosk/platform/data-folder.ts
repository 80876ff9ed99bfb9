/**
 * Makes the folder that the configuration names, and says what is wrong with it in the configuration's own words. A step at a time: where
 * a file system makes no folders and calls the parent that it has missing (`/proc`), Node's `recursive` asks for ever.
 */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { translateDiskError } from './disk-failure.ts';

const ownFolder = 0o700;

const problems: Readonly<Record<string, string>> = {
  ENOTDIR: 'leads through what is no folder',
  ENOENT: 'is not there, and cannot be made',
  EACCES: 'may not be read and written by who runs the kiosk',
  EPERM: 'may not be read and written by who runs the kiosk',
  ELOOP: 'leads in a circle',
  ENAMETOOLONG: 'is too long a path',
  EINVAL: 'is no path here',
};

const isThere = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory() === false) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
  return found !== null;
};

const make = async (path: string): Promise<void> => {
  const missing: string[] = [];
  for (let at = path; !(await isThere(at)); at = dirname(at)) {
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const each of missing)
    await mkdir(each, { mode: ownFolder }).catch((error: unknown) => {
      // Another start has made it meanwhile.
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
};

/** Rejects with `config.invalid` {source, path: dataDir}, or with `storage.*` where it is the disk's fault. */
export const makeDataFolder = async (dataDir: string, source: string): Promise<void> => {
  try {
    await make(dataDir);
  } catch (error) {
    const problem = problems[codeOf(error)];
    if (problem === undefined) throw translateDiskError(error);
    throw new AppFailure('config.invalid', { source, path: 'dataDir', problem }, { cause: error });
  }
};
