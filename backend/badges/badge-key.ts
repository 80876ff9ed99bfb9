/** The key of a store's badges: made once, encrypted in the database, and sealed to each kiosk of the store when it pulls. */
import { createHmac, randomBytes } from 'node:crypto';
import { badgeHashInput } from '#shared/badges/badge-number.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';

const keyBytes = 32;

/** What the key of a store is encrypted for. */
export const badgeKeyContext = (tenantId: string, storeId: string): string =>
  `badge key ${tenantId} ${storeId}`;

/** HMAC-SHA-256, in hex: the same at the kiosk (`electron/kiosk/vault`). */
export const hashBadge = (key: Uint8Array, number: string): string =>
  createHmac('sha256', key).update(badgeHashInput(number)).digest('hex');

export interface BadgeKeys {
  /** Sees to it that a store has one, before a kiosk is told of the store. Nothing where there is no such store. */
  ensure(storeId: string): Promise<void>;
  /** Null where there is none. */
  read(tx: Db, storeId: string): Promise<Buffer | null>;
}

export const createBadgeKeys = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly atRest: AtRest;
}): BadgeKeys => {
  const { db, tenantId, atRest } = ports;
  /** Of these it is known, so that no pull asks again. */
  const seen = new Set<string>();
  const read: BadgeKeys['read'] = async (tx, storeId) => {
    const row = await tx
      .selectFrom('stores')
      .select('badge_key')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst();
    return row?.badge_key ? atRest.decrypt(row.badge_key, badgeKeyContext(tenantId, storeId)) : null;
  };
  return {
    read,
    ensure: async (storeId) => {
      if (seen.has(storeId)) return;
      const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
        if (await read(tx, storeId)) return true;
        const encrypted = atRest.encrypt(randomBytes(keyBytes), badgeKeyContext(tenantId, storeId));
        await tx
          .updateTable('stores')
          .set({ badge_key: encrypted, version: nextVersion() })
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .execute();
        return true;
      });
      if (done) seen.add(storeId);
    },
  };
};
