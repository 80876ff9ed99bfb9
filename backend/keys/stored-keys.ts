/** Everything that lies encrypted in the database, in batches: for the change from one master secret to the next. */
import { sql } from 'kysely';
import { badgeKeyContext } from '../badges/badge-key.ts';
import { keyContext } from '../enrolment/registration-outcome.ts';
import type { Db } from '../store/database.ts';
import { keyNames, settingContext } from './backend-key.ts';
import { batchSize, type KeyBatch, type Renewal, type StoredKey } from './key-batch.ts';
import { storedPeoplePins } from './stored-people-pins.ts';
import { storedPins } from './stored-pins.ts';

const ownKeys = async (db: Db, tenantId: string): Promise<KeyBatch> => {
  const rows = await db
    .selectFrom('tenant_settings')
    .select(['name', 'value'])
    .where('tenant_id', '=', tenantId)
    .where('name', 'in', keyNames)
    .execute();
  const keys = keyNames.flatMap((name) => {
    const encrypted = rows.find((row) => row.name === name)?.value;
    return encrypted ? [{ context: settingContext(tenantId, name), encrypted, serialNumber: null }] : [];
  });
  return {
    keys,
    replace: async (renewals) => {
      let replaced = 0n;
      for (const { key, renewed } of renewals) {
        const { numUpdatedRows } = await db
          .updateTable('tenant_settings')
          .set({ value: renewed })
          .where('tenant_id', '=', tenantId)
          .where('value', '=', key.encrypted)
          .executeTakeFirstOrThrow();
        replaced += numUpdatedRows;
      }
      return Number(replaced);
    },
  };
};

interface LockKey extends StoredKey {
  readonly storeId: string;
  readonly serialNumber: string;
}

const keysOfLocks = async (db: Db, tenantId: string, after: LockKey | undefined): Promise<LockKey[]> => {
  let query = db
    .selectFrom('key_certificates')
    .select(['store_id as storeId', 'serial_number as serialNumber', 'encrypted'])
    .where('tenant_id', '=', tenantId)
    .where('deleted', '=', false);
  if (after) {
    query = query.where(
      sql<boolean>`(store_id, serial_number) > (${after.storeId}::uuid, ${after.serialNumber})`,
    );
  }
  const rows = await query.orderBy('store_id').orderBy('serial_number').limit(batchSize).execute();
  return rows.map((row) => ({ ...row, context: keyContext(tenantId, row.serialNumber) }));
};

/** Not a new version of the rows: to the kiosks the keys are the same. */
const replaceKeysOfLocks = async (
  db: Db,
  tenantId: string,
  renewals: readonly Renewal<LockKey>[],
): Promise<number> => {
  if (renewals.length === 0) return 0;
  const { numAffectedRows = 0n } = await sql`
    UPDATE key_certificates AS kept SET encrypted = fresh.renewed
    FROM unnest(
      ${renewals.map(({ key }) => key.storeId)}::uuid[],
      ${renewals.map(({ key }) => key.serialNumber)}::text[],
      ${renewals.map(({ key }) => key.encrypted)}::bytea[],
      ${renewals.map(({ renewed }) => renewed)}::bytea[]
    ) AS fresh (store_id, serial_number, encrypted, renewed)
    WHERE kept.tenant_id = ${tenantId} AND kept.store_id = fresh.store_id
      AND kept.serial_number = fresh.serial_number AND kept.encrypted = fresh.encrypted`.execute(db);
  return Number(numAffectedRows);
};

/** Of each store's badges. */
const badgeKeys = async (db: Db, tenantId: string): Promise<KeyBatch> => {
  const rows = await db
    .selectFrom('stores')
    .select(['store_id as storeId', 'badge_key as encrypted'])
    .where('tenant_id', '=', tenantId)
    .where('badge_key', 'is not', null)
    .execute();
  const keys = rows.flatMap(({ storeId, encrypted }) =>
    encrypted ? [{ context: badgeKeyContext(tenantId, storeId), encrypted, serialNumber: null }] : [],
  );
  return {
    keys,
    replace: async (renewals) => {
      let replaced = 0n;
      for (const { key, renewed } of renewals) {
        const { numUpdatedRows } = await db
          .updateTable('stores')
          .set({ badge_key: renewed })
          .where('tenant_id', '=', tenantId)
          .where('badge_key', '=', key.encrypted)
          .executeTakeFirstOrThrow();
        replaced += numUpdatedRows;
      }
      return Number(replaced);
    },
  };
};

/** The backend's own keys and those of badges first, then people's PINs and the keys of locks, 200 at a time: memory does not grow with their number. */
export const storedKeys = async function* (db: Db, tenantId: string): AsyncGenerator<KeyBatch> {
  yield await ownKeys(db, tenantId);
  yield await badgeKeys(db, tenantId);
  // Stores copy what people have: the copies come after what they are made from.
  yield* storedPeoplePins(db, tenantId);
  yield* storedPins(db, tenantId);
  let keys: LockKey[] = [];
  do {
    keys = await keysOfLocks(db, tenantId, keys.at(-1));
    const batch: KeyBatch<LockKey> = {
      keys,
      replace: (renewals) => replaceKeysOfLocks(db, tenantId, renewals),
    };
    yield batch;
  } while (keys.length === batchSize);
};
