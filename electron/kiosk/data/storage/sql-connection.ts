/**
 * The one connection to the kiosk's file, as a port: everything above it is tested with a full disk, a read-only disk and a
 * damaged file by giving it a connection that behaves so.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = readonly SqlValue[];

export interface SqlStatement {
  run(...values: SqlValue[]): void;
  all(...values: SqlValue[]): SqlRow[];
  /** Reads row by row, so that what comes before a damaged page can still be used. */
  iterate(...values: SqlValue[]): Iterable<SqlRow>;
}

/** Every call is synchronous and throws what SQLite answers, untranslated (see `sql-failure.ts`). */
export interface SqlConnection {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  close(): void;
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** Reads what is there of a file that is shorter than it says, which SQLite else refuses as a whole. */
  readonly salvaging?: boolean;
}

export type OpenSqlConnection = (path: string, options?: OpenOptions) => SqlConnection;

export const openSqlConnection: OpenSqlConnection = (path, { readOnly = false, salvaging = false } = {}) => {
  const database = new DatabaseSync(path, { readOnly, defensive: !salvaging });
  // In this mode alone a length that does not fit is no reason to read nothing (`lockBtree` in SQLite's btree.c).
  if (salvaging) database.exec('PRAGMA writable_schema = ON');
  return {
    get inTransaction() {
      return database.isTransaction;
    },
    exec: (sql) => database.exec(sql),
    prepare: (sql) => toStatement(database.prepare(sql)),
    close: () => database.close(),
  };
};

const toStatement = (statement: StatementSync): SqlStatement => {
  statement.setReturnArrays(true);
  return {
    run: (...values) => {
      statement.run(...values);
    },
    all: (...values) => statement.all(...values).map(toRow),
    *iterate(...values) {
      for (const row of statement.iterate(...values)) yield toRow(row);
    },
  };
};

/** `setReturnArrays` makes every row an array, which the types of `node:sqlite` do not say. */
const toRow = (row: unknown): SqlRow => {
  if (!Array.isArray(row)) throw new TypeError('a row of SQLite is not an array');
  return row as SqlRow;
};

/** The first column of the first row; undefined where there is none. */
export const firstValue = (connection: SqlConnection, sql: string): SqlValue | undefined =>
  connection.prepare(sql).all()[0]?.[0];
