/**
 * The file before its key is there: while a passphrase's key is derived there is nothing else to do, so it is opened, checked and begun
 * to be read. Only one that this leaves as it is, byte for byte, whether or not its key will be there: sealed, and closed in order.
 */
import { existsSync } from 'node:fs';
import { formatIn, headOf } from './file-head.ts';
import { checkKioskFile, type KioskFile } from './kiosk-file.ts';
import { rowsAhead } from './rows-ahead.ts';
import type { RowCodec } from './row-codec.ts';
import { sealedFormat } from './sealed-file.ts';
import { logs } from './set-aside.ts';
import type { OpenSqlConnection } from './sql-connection.ts';
import { documentRows, type ReadRules } from './stored-rows.ts';

/** A store's locks are 2 MB of it; of a long journal the rest is read row by row. */
const mostBytesAhead = 4_000_000;

export interface EarlyFile {
  /** Throws `DamagedFile` or `LockedFile`, and is closed then. */
  read(codec: RowCodec): KioskFile;
  /** Where it is not to be read after all. */
  close(): void;
}

/** Null where there is anything about the file that has to be dealt with, or told: whoever has its key does that. */
export const openEarly = (path: string, open: OpenSqlConnection, rules: ReadRules): EarlyFile | null => {
  try {
    const hasLog = logs.some((suffix) => existsSync(path + suffix));
    if (hasLog || formatIn(headOf(path)) !== sealedFormat) return null;
    const checked = checkKioskFile(path, open, rules);
    try {
      const rows = rowsAhead(documentRows(checked.connection, rules, true), mostBytesAhead);
      return { read: (codec) => checked.read(codec, rows), close: () => checked.close() };
    } catch (error) {
      checked.close();
      throw error;
    }
  } catch {
    return null;
  }
};
