/**
 * How what the file holds is written and read: sealed with a key of the vault (AES-256-GCM), or in the open with a checksum where
 * the machine has nowhere to keep a key. What a row is, and where it lies, is sealed with it: no row can stand in for another.
 */
import { crc32 } from 'node:zlib';
import { createSeal, unseal } from '../../vault/seal.ts';
import type { SqlValue } from './sql-connection.ts';

export interface DocumentName {
  readonly collection: string;
  readonly sequence: number;
  readonly id: string;
}

/** What the columns `body` and `checksum` hold. */
export interface Stored {
  readonly body: SqlValue;
  readonly checksum: SqlValue;
}

export interface RowCodec {
  /** Whether nobody can read what is written without the key. */
  readonly isSealed: boolean;
  /** Whether what was written in the open, by an earlier release, is believed. */
  readonly takesPlain: boolean;
  encode(name: DocumentName, body: string): Stored;
  /** Null where it is not what was written. */
  decode(name: DocumentName, stored: Stored): string | null;
  encodeNote(key: string, value: string): SqlValue;
  /** Null where it is not what was written. */
  decodeNote(key: string, value: SqlValue): string | null;
}

/** CRC-32: SQLite has none, and sees no fault in a letter that the disk has changed. */
const checksumOf = ({ collection, id }: DocumentName, body: string): number =>
  crc32(body, crc32(`${collection} ${id} `));

/** The formats before sealing. A row of the first one has no checksum, and is believed. */
export const plainRows: RowCodec = {
  isSealed: false,
  takesPlain: true,
  encode: (name, body) => ({ body, checksum: checksumOf(name, body) }),
  decode: (name, { body, checksum }) =>
    typeof body === 'string' && (checksum === null || checksum === checksumOf(name, body)) ? body : null,
  encodeNote: (_key, value) => value,
  decodeNote: (_key, value) => (typeof value === 'string' ? value : null),
};

/** The first byte of a sealed document. What was deleted is told apart without opening it; the byte is sealed with the rest. */
const live = 1;
const deleted = 2;

/**
 * SQL for a sealed body that need not be read yet: not deleted, and under the id that it was sealed with, which it repeats in the
 * open before what is sealed.
 */
export const isSealedAndLive = `typeof(body) = 'blob' AND substr(body, 1, 1) = x'0${live}'
  AND substr(body, 2, length(CAST(id AS BLOB))) = CAST(id AS BLOB)`;

type Key = Parameters<typeof createSeal>[0];

export const sealedRows = (key: Key, { takesPlain }: { readonly takesPlain: boolean }): RowCodec => {
  const seal = createSeal(key);
  return {
    isSealed: true,
    takesPlain,
    encode: (name, body) => {
      const mark = body.includes('"_deleted":true') ? deleted : live;
      const head = Buffer.concat([Buffer.of(mark), Buffer.from(name.id)]);
      return { body: seal(documentText(name), body, head), checksum: null };
    },
    decode: (name, stored) => {
      const { body } = stored;
      if (!(body instanceof Uint8Array)) return takesPlain ? plainRows.decode(name, stored) : null;
      return unseal(key, documentText(name), body, 1 + Buffer.byteLength(name.id));
    },
    encodeNote: (note, value) => seal(noteText(note), value),
    decodeNote: (note, value) => {
      if (!(value instanceof Uint8Array)) return takesPlain ? plainRows.decodeNote(note, value) : null;
      return unseal(key, noteText(note), value);
    },
  };
};

const documentText = ({ collection, sequence, id }: DocumentName): string =>
  `document ${collection} ${sequence} ${id}`;
const noteText = (note: string): string => `note ${note}`;
