/** What a row of the file is, and how all of them are read when it is opened. */
import type { SqlConnection, SqlRow } from './sql-connection.ts';

/** One stored document; `body` is its JSON. */
export interface StoredDocument {
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
}

/** A document as it was when the file was opened. */
export interface LoadedDocument {
  readonly sequence: number;
  readonly id: string;
  /** Undefined where its JSON can't be read any more; `unread` where nobody has looked at it yet. */
  readonly document: unknown;
}

/** How documents are read when the file is opened. */
export interface ReadRules {
  /** Collections whose documents stay unread, but for those that say that they were deleted. */
  readonly lazy: ReadonlySet<string>;
  /** Whether what is left of this document means that something is lost that nobody else has: the file is damaged then. */
  readonly isLoss: (collection: string, id: string, document: unknown) => boolean;
}

/** Reads everything, and takes what there is. */
export const readAll: ReadRules = { lazy: new Set(), isLoss: () => false };

/** In place of a document that is read when somebody asks for it. */
export const unread = Symbol('unread');

/** The file is not a database, or its pages contradict each other. */
export class DamagedFile extends Error {
  constructor(finding: string, options?: ErrorOptions) {
    super(`the file is damaged: ${finding}`, options);
    this.name = 'DamagedFile';
  }
}

/**
 * What the file holds, by collection. Parses row by row: ten thousand texts at once would be twice the memory, and a pause
 * to collect them. Throws `DamagedFile` for a loss by the rules.
 */
export const loadDocuments = (
  connection: SqlConnection,
  { lazy, isLoss }: ReadRules,
): Map<string, LoadedDocument[]> => {
  const byCollection = new Map<string, LoadedDocument[]>();
  // What RxDB writes of a deletion; a document that only speaks of one is read early, which costs nothing.
  const unreadBodies = [...lazy].map(() => '?').join();
  const rows = connection.prepare(
    `SELECT sequence, collection, id,
            CASE WHEN collection IN (${unreadBodies}) AND instr(body, '"_deleted":true') = 0 THEN 0 ELSE body END
     FROM documents ORDER BY sequence`,
  );
  for (const row of rows.iterate(...lazy)) {
    const isUnread = row[3] === 0;
    const [collection, { sequence, id, body }] = parseDocumentRow(isUnread ? [...row.slice(0, 3), ''] : row);
    const document = isUnread ? unread : parseBody(body);
    if (isLoss(collection, id, document)) throw new DamagedFile(`a document of ${collection} is not whole`);
    const loaded = { sequence, id, document };
    const documents = byCollection.get(collection);
    if (documents) documents.push(loaded);
    else byCollection.set(collection, [loaded]);
  }
  return byCollection;
};

export const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Codec of a row `sequence, collection, id, body`. */
export const parseDocumentRow = (row: SqlRow): [collection: string, StoredDocument] => {
  const [sequence, collection, id, body] = row;
  if (typeof collection !== 'string' || typeof id !== 'string' || typeof body !== 'string') {
    throw new DamagedFile('a document row has values of other types');
  }
  return [collection, { sequence: Number(sequence), id, body }];
};
