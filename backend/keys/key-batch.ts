/** What is read at once of all that lies encrypted in the database, and put back encrypted anew. */

export interface StoredKey {
  /** What it is encrypted for. */
  readonly context: string;
  readonly encrypted: Buffer;
  /** Of the lock that it opens; null for the backend's own. */
  readonly serialNumber: string | null;
  /** What a release before left in the open: it is encrypted now. */
  readonly inTheOpen?: true;
}

export interface Renewal<Key> {
  readonly key: Key;
  readonly renewed: Buffer;
}

export interface KeyBatch<Key extends StoredKey = StoredKey> {
  readonly keys: readonly Key[];
  /**
   * Puts other encryptions in place of some of them, all or none. Answers how many: not those that were changed since they were
   * read.
   */
  replace(renewals: readonly Renewal<Key>[]): Promise<number>;
}

export const batchSize = 200;
