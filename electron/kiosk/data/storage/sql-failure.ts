/** SQLite's result codes (sqlite.org/rescode.html), translated once into what the kiosk knows. */
import { AppFailure } from '#shared/errors/app-error.ts';

const primaryCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
};

/** SQLITE_IOERR_SHMSIZE: the index of the log could not be made as long as it has to be. */
const noRoomForIndex = 4874;

/** The primary result code of what SQLite threw; null for anything else. */
const sqliteCode = (error: unknown): number | null => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  if (error.errcode === noRoomForIndex) return primaryCode.full;
  // The low byte is the primary code, the rest says more about it.
  return error.errcode & 0xff;
};

export const isDamage = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return code === primaryCode.corrupt || code === primaryCode.notADatabase;
};

/**
 * What a failed read or write means for the kiosk. What SQLite did not say is a broken invariant and comes back as it is.
 */
export const translateSqlError = (error: unknown): unknown => {
  switch (sqliteCode(error)) {
    case primaryCode.full:
      return new AppFailure('storage.disk_full', {}, { cause: error });
    case primaryCode.readOnly:
    case primaryCode.cannotOpen:
    case primaryCode.ioError:
      return new AppFailure('storage.read_only', {}, { cause: error });
    case primaryCode.busy:
    case primaryCode.locked:
      return new AppFailure('storage.in_use', {}, { cause: error });
    default:
      return error;
  }
};

/** Whether an error says that nothing can be written now although everything can still be read. */
export const isWriteRefused = (error: unknown): error is AppFailure =>
  error instanceof AppFailure &&
  (error.error.code === 'storage.disk_full' || error.error.code === 'storage.read_only');
