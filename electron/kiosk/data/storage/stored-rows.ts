/** What a row of the file is, and how all of them are read when it is opened. */
import { parseJson } from '#shared/models/json.ts';
import { isSealedAndLive, type RowCodec } from './row-codec.ts';
import type { SqlConnection, SqlRow } from './sql-connection.ts';

/** One stored document; `body` is its JSON. */
export interface StoredDocument {
  readonly collection: string;
  readonly sequence: number;
  readonly id: string;
  /** Null where it is not what was written. */
  readonly body: string | null;
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

/** The rows of all documents in the order of their changes; the body of one that stays unread is 0. */
export const documentRows = (
  connection: SqlConnection,
  { lazy }: ReadRules,
  isSealed: boolean,
): Iterable<SqlRow> => {
  // What RxDB writes of a deletion; a document that only speaks of one is read early, which costs nothing. One that does not
  // speak of its own id is read to find out what is wrong with it.
  const isLive = isSealed ? isSealedAndLive : `instr(body, '"_deleted":true') = 0 AND instr(body, id) > 0`;
  const unreadBodies = [...lazy].map(() => '?').join();
  const rows = connection.prepare(
    `SELECT sequence, collection, id, checksum,
            CASE WHEN collection IN (${unreadBodies}) AND ${isLive} THEN 0 ELSE body END
     FROM documents ORDER BY sequence`,
  );
  return rows.iterate(...lazy);
};

/**
 * What the file holds, by collection, of its `documentRows`. Parses row by row: ten thousand texts at once would be twice the memory, and a
 * pause to collect them. Throws `DamagedFile` where something is not whole that the backend may not have.
 */
export const loadDocuments = (
  rows: Iterable<SqlRow>,
  { elsewhere }: ReadRules,
  codec: RowCodec,
): Map<string, LoadedDocument[]> => {
  const byCollection = new Map<string, LoadedDocument[]>();
  for (const row of rows) {
    const isUnread = row.at(-1) === 0;
    const { sequence, collection, id } = nameOf(row);
    const document = isUnread ? unread : documentOf(parseDocumentRow(row, codec));
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
export const documentOf = ({ body }: StoredDocument): unknown =>
  body === null ? undefined : parseJson(body);

const nameOf = ([sequence, collection, id]: SqlRow) => {
  if (typeof collection !== 'string' || typeof id !== 'string') {
    throw new DamagedFile('a document row has values of other types');
  }
  return { sequence: Number(sequence), collection, id };
};

/** Codec of a row of `rowColumns`. */
export const parseDocumentRow = (row: SqlRow, codec: RowCodec): StoredDocument => {
  const [, , , checksum = null, body = null] = row;
  const name = nameOf(row);
  return { ...name, body: codec.decode(name, { body, checksum }) };
};
