/** What the first bytes of a file say of it, without SQLite: offsets in a database's header (sqlite.org/fileformat2.html, section 1.3). */
import { closeSync, openSync, readSync } from 'node:fs';
import { applicationId } from './file-format.ts';

const userVersionAt = 60;
const applicationIdAt = 68;
const headLength = 72;
const sqlite = Buffer.from('SQLite format 3\0');

/** Throws what the file system says. */
export const headOf = (path: string): Buffer => {
  const head = Buffer.alloc(headLength);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, headLength, 0);
  } finally {
    closeSync(file);
  }
  return head;
};

export const isDatabase = (head: Buffer): boolean => head.subarray(0, sqlite.length).equals(sqlite);

/** The format of a kiosk's file; null for any other. */
export const formatIn = (head: Buffer): number | null =>
  head.readUInt32BE(applicationIdAt) === applicationId ? head.readUInt32BE(userVersionAt) : null;
