/** Kills at every instant: what the files are then, before and after each statement that can change them. */
import { cpSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openSqlConnection, type OpenSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What `kill -9` leaves at this instant: nothing is in flight outside of the files. */
export const filesNow = (path: string): string => {
  const copy = temporaryFolder();
  for (const name of readdirSync(dirname(path)).filter((each) => each.startsWith(basename(path)))) {
    cpSync(join(dirname(path), name), join(copy, name));
  }
  return join(copy, basename(path));
};

/** Calls `instant` before and after everything that can change the file. */
export const watched =
  (instant: () => void): OpenSqlConnection =>
  (...args) => {
    const connection = openSqlConnection(...args);
    const around = <T>(work: () => T): T => {
      instant();
      const done = work();
      instant();
      return done;
    };
    return {
      get inTransaction() {
        return connection.inTransaction;
      },
      exec: (sql) => around(() => connection.exec(sql)),
      prepare: (sql) => {
        const statement = connection.prepare(sql);
        return { ...statement, run: (...values) => around(() => statement.run(...values)) };
      },
      close: () => connection.close(),
    };
  };
