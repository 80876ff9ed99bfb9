import { ok, type Result } from '#shared/errors/app-error.ts';
import { isWriteRefused } from './storage/sql-failure.ts';

/** A full or read-only disk is an expected outcome; whatever else a write throws is not. */
export const asResult = async <T>(write: () => T | Promise<T>): Promise<Result<T>> => {
  try {
    return ok(await write());
  } catch (error) {
    if (isWriteRefused(error)) return { ok: false, error: error.error };
    throw error;
  }
};
