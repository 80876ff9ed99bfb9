/** What a row of the file is, and how all of them are read when it is opened. */
import { crc32 } from 'node:zlib';
import { parseJson } from '#shared/models/json.ts';
import type { SqlConnection, SqlRow } from './sql-connection.ts';

/** One stored document; `body` is its JSON. */
export interface StoredDocument {
  readonly collection: string;
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
  /** Whether this is what was written. A row of the file's first format, which has no checksum, counts as that. */
  readonly isWhole: boolean;
}

/** A document as it was when the file was opened. */
export interface LoadedDocument {
  readonly sequence: number;
  readonly id: string;
  /** Undefined where it is not what was written; `unread` where nobody has looked at it yet. */
  readonly document: unknown;
}

/** How documents are read when the file is opened. */
export interface ReadRules {
  /** Collections whose documents stay unread, but for those that say that they were deleted. */
  readonly lazy: ReadonlySet<string>;
  /** Collections that the backend has too. A document of any other that is not whole any more is damage of the file. */
  readonly elsewhere: ReadonlySet<string>;
}

export const readAll: ReadRules = { lazy: new Set(), elsewhere: new Set() };

/** In place of a document that is read when somebody asks for it. */
export const unread = Symbol('unread');

/** The file is not a database, or its pages contradict each other. */
export class DamagedFile extends Error {
  constructor(finding: string, options?: ErrorOptions) {
    super(`the file is damaged: ${finding}`, options);
    this.name = 'DamagedFile';
  }
}

/** What the columns of a row are read as; see `parseDocumentRow`. */
export const rowColumns = 'sequence, collection, id, checksum, body';

/**
 * What the file holds, by collection. Parses row by row: ten thousand texts at once would be twice the memory, and a pause
 * to collect them. Throws `DamagedFile` where something is not whole that the backend may not have.
 */
export const loadDocuments = (
  connection: SqlConnection,
  { lazy, elsewhere }: ReadRules,
): Map<string, LoadedDocument[]> => {
  const byCollection = new Map<string, LoadedDocument[]>();
  // What RxDB writes of a deletion; a document that only speaks of one is read early, which costs nothing. One that does not
  // speak of its own id is read to find out what is wrong with it.
  const unreadBodies = [...lazy].map(() => '?').join();
  const rows = connection.prepare(
    `SELECT sequence, collection, id, checksum,
            CASE WHEN collection IN (${unreadBodies}) AND instr(body, '"_deleted":true') = 0 AND instr(body, id) > 0
                 THEN 0 ELSE body END
     FROM documents ORDER BY sequence`,
  );
  for (const row of rows.iterate(...lazy)) {
    const isUnread = row.at(-1) === 0;
    const stored = parseDocumentRow(isUnread ? [...row.slice(0, -1), ''] : row);
    const { collection, sequence, id } = stored;
    const document = isUnread ? unread : documentOf(stored);
    if (document === undefined && !elsewhere.has(collection)) {
      throw new DamagedFile('a document is not what was written');
    }
    const loaded = { sequence, id, document };
    const documents = byCollection.get(collection);
    if (documents) documents.push(loaded);
    else byCollection.set(collection, [loaded]);
  }
  return byCollection;
};

/** Undefined where it is not what was written. */
export const documentOf = ({ isWhole, body }: StoredDocument): unknown =>
  isWhole ? parseJson(body) : undefined;

/** CRC-32 of a row: SQLite has none, and sees no fault in a letter that the disk has changed. */
export const checksumOf = (collection: string, id: string, body: string): number =>
  crc32(body, crc32(`${collection} ${id} `));

/** Codec of a row of `rowColumns`. */
export const parseDocumentRow = (row: SqlRow): StoredDocument => {
  const [sequence, collection, id, checksum, body] = row;
  if (typeof collection !== 'string' || typeof id !== 'string' || typeof body !== 'string') {
    throw new DamagedFile('a document row has values of other types');
  }
  const isWhole = checksum === null || checksum === checksumOf(collection, id, body);
  return { collection, sequence: Number(sequence), id, body, isWhole };
};
