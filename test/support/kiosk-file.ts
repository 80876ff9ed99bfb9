/** The kiosk's sealed file in tests: a key of their own for it, and how its rows are read with the key that a kiosk has. */
import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { plainRows, sealedRows, type RowCodec } from '#kiosk/data/storage/row-codec.ts';
import { openSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { documentOf, parseDocumentRow, rowColumns } from '#kiosk/data/storage/stored-rows.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createDataKeys, type DataKey, type DataKeys } from '#kiosk/vault/data-key.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';

const invert = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes.map((byte) => byte ^ 0xff));
/** Keeps no secret: it only inverts bits, so that a test can look at what is wrapped. */
export const secretStore: SecretStore = { kind: 'test', wrap: invert, unwrap: invert };

const key: DataKey = { key: createSecretKey(Buffer.alloc(32, 7)), takesPlain: true };

/** Rows of a kiosk's file, sealed with the key of `testDataKeys`. */
export const testCodec: RowCodec = sealedRows(key.key, key);

/** One key for every file, so that a copy of a file opens anywhere. */
export const testDataKeys: DataKeys = {
  path: '/nowhere/kiosk.db.key',
  find: () => Promise.resolve(key),
  allSealed: () => Promise.resolve(),
  renew: () => Promise.resolve(key),
};

/** How the rows of a kiosk in `dataDir`, which is not running, are read. */
export const codecOf = async (dataDir: string, secretStore: SecretStore | null): Promise<RowCodec> => {
  const found = await dataKeysOf(dataDir, secretStore).find();
  if (found === 'locked') throw new Error('the key of the data cannot be opened');
  return found === 'none' ? plainRows : sealedRows(found.key, found);
};

export const dataKeysOf = (dataDir: string, secretStore: SecretStore | null): DataKeys =>
  createDataKeys({
    dataDir,
    secretStore,
    wasSealed: () => Promise.resolve(true),
    random: systemRandom,
    logger: silentLogger,
  });

/** Every document of a collection that the file in `dataDir` holds, with the database's own fields. */
export const readRows = (dataDir: string, collection: string, codec: RowCodec): unknown[] => {
  const connection = openSqlConnection(join(dataDir, 'kiosk.db'), { readOnly: true });
  try {
    return connection
      .prepare(`SELECT ${rowColumns} FROM documents WHERE collection = ? ORDER BY sequence`)
      .all(collection)
      .map((row) => documentOf(parseDocumentRow(row, codec)));
  } finally {
    connection.close();
  }
};
