/** What the system's own file errors mean for a kiosk: translated once, where files are touched without a database. */
import { AppFailure, ok, type Result } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';

const codesOf = {
  'storage.disk_full': new Set(['ENOSPC', 'EDQUOT']),
  // A file where the folder should be is for IT to sort out, like rights that are missing.
  'storage.read_only': new Set(['EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EIO']),
} as const;

/** What cannot be written comes back as an `AppFailure`; anything else as it is. */
export const translateDiskError = (error: unknown): unknown => {
  const code = codeOf(error);
  if (codesOf['storage.disk_full'].has(code))
    return new AppFailure('storage.disk_full', {}, { cause: error });
  if (codesOf['storage.read_only'].has(code))
    return new AppFailure('storage.read_only', {}, { cause: error });
  return error;
};

/** Rejects with `storage.disk_full` or `storage.read_only` where the disk takes nothing. */
export const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw translateDiskError(error);
  }
};

/** The same as a result; what is no failure of the disk is still thrown. */
export const asDiskResult = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
  try {
    return ok(await onDisk(work));
  } catch (error) {
    if (error instanceof AppFailure) return { ok: false, error: error.error };
    throw error;
  }
};
