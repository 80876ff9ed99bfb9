/** A damaged file is never repaired in place: it is kept under another name, and what only it knew is read out of it. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OpenSqlConnection, SqlConnection } from './sql-connection.ts';
import { isDamage } from './sql-failure.ts';
import { DamagedFile, parseDocumentRow, type StoredDocument } from './stored-rows.ts';

export interface Salvaged {
  readonly documents: ReadonlyMap<string, readonly StoredDocument[]>;
  readonly notes: ReadonlyMap<string, string>;
}

const mark = '.damaged-';

/** Moves the file and its log out of the way and answers with the new name; `now` is in ms since the epoch. */
export const setAside = (path: string, now: number): string => {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const target = freeName(`${path}${mark}${stamp}`);
  renameSync(path, target);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
};

/** Overwrites and removes all that was ever set aside: it holds what the file held. Throws what the file system says. */
export const eraseSetAside = (path: string): void => {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(basename(path) + mark)) eraseFile(join(folder, name));
  }
};

const eraseFile = (path: string): void => {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(fstatSync(file).size), 0, undefined, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
};

const freeName = (wanted: string): string => {
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${count}`;
  return name;
};

/** Reads what can be read of the given collections and of the notes. Never throws for damage: it answers with less. */
export const salvage = (
  path: string,
  open: OpenSqlConnection,
  collections: ReadonlySet<string>,
): Salvaged => {
  const documents = new Map<string, StoredDocument[]>();
  const notes = new Map<string, string>();
  reading(() => {
    const connection = open(path);
    try {
      for (const [collection, row] of readDocuments(connection, collections)) {
        const rows = documents.get(collection);
        if (rows) rows.push(row);
        else documents.set(collection, [row]);
      }
      reading(() => {
        for (const [key, value] of connection.prepare('SELECT key, value FROM notes').iterate()) {
          if (typeof key === 'string' && typeof value === 'string') notes.set(key, value);
        }
      });
    } finally {
      connection.close();
    }
  });
  return { documents, notes };
};

/** From both ends towards the damage: a bad page in the middle hides neither the oldest nor the newest rows. */
const readDocuments = (
  connection: SqlConnection,
  collections: ReadonlySet<string>,
): readonly (readonly [string, StoredDocument])[] => {
  const found = new Map<number, readonly [string, StoredDocument]>();
  for (const order of ['ASC', 'DESC']) {
    reading(() => {
      const rows = connection
        .prepare(`SELECT sequence, collection, id, body FROM documents ORDER BY sequence ${order}`)
        .iterate();
      for (const row of rows) {
        const [collection, document] = parseDocumentRow(row);
        if (collections.has(collection)) found.set(document.sequence, [collection, document]);
      }
    });
  }
  return [...found.values()].sort(([, a], [, b]) => a.sequence - b.sequence);
};

/** Runs a read that damage may end. Anything else that goes wrong is thrown. */
const reading = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!isDamage(error) && !(error instanceof DamagedFile) && !isMissingTable(error)) throw error;
  }
};

const isMissingTable = (error: unknown): boolean =>
  error instanceof Error && /no such (table|column)|malformed/i.test(error.message);
