/**
 * The key of badges: made once for the organisation, so that a badge is known by the same at each of its stores, encrypted in the database
 * for each, and sealed to each kiosk when it pulls.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { badgeHashInput } from '#shared/badges/badge-number.ts';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import type { AtRest } from '../keys/at-rest.ts';
import { createStoreWalk } from '../mending/each-store.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { badgeKeyName, settingContext } from '../keys/backend-key.ts';
import type { Db, Tx } from '../store/database.ts';
import { isUnwritable } from '../store/readiness.ts';
import { pinSetting } from '../store/settings.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';

const keyBytes = 32;
const tellAgainMs = 3_600_000;
/** Between two stores that are told anew: 10,000 of them do not come at once. */
const pauseMs = 100;

/** What the key of a store is encrypted for. */
export const badgeKeyContext = (tenantId: string, storeId: string): string =>
  `badge key ${tenantId} ${storeId}`;

/** HMAC-SHA-256, in hex: the same at the kiosk (`electron/kiosk/vault`). */
export const hashBadge = (key: Uint8Array, number: string): string =>
  createHmac('sha256', key).update(badgeHashInput(number)).digest('hex');

export interface BadgeKeys {
  /** Sees to it that a store has one. Nothing where there is no such store. Throws where nothing can be written. */
  ensure(storeId: string): Promise<void>;
  /** As `ensure`, before a kiosk is told of the store: where nothing can be written, the store is told without. */
  ensureIfWritable(storeId: string): Promise<void>;
  /** Null where there is none. Throws what `AtRest.decrypt` throws. */
  read(tx: Db, storeId: string): Promise<Buffer | null>;
  /** What lies encrypted in a store's row; null where no secret opens it, which is told. */
  open(storeId: string, encrypted: Buffer): Buffer | null;
  /** Notes that a kiosk was told of the store without its key, as `open` said null. Nothing where nothing can be written. */
  noteUntold(storeId: string): Promise<void>;
  /**
   * Has the kiosks of such stores told anew whose keys a secret opens by now, each store once an hour at the most: beside this instance
   * may be one that goes on telling them without. Tells how many stores there were.
   */
  tellUntold(now: number, stop?: AbortSignal): Promise<number>;
}

export const createBadgeKeys = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly atRest: AtRest;
  /** False while the database takes no writes. */
  mayWrite(): boolean;
  readonly logger: Logger;
}): BadgeKeys => {
  const { db, tenantId, atRest, logger } = ports;
  const walk = createStoreWalk({ ...ports, what: 'keys of badges' });
  /** Of these it is known, so that no pull asks again. */
  const seen = new Set<string>();
  const unopened = new Set<string>();
  const encryptedOf = async (tx: Db, storeId: string): Promise<Buffer | null> => {
    const row = await tx
      .selectFrom('stores')
      .select('badge_key')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst();
    return row?.badge_key ?? null;
  };
  const decrypt = (storeId: string, encrypted: Buffer): Buffer =>
    atRest.decrypt(encrypted, badgeKeyContext(tenantId, storeId));
  const canOpen = (storeId: string, encrypted: Buffer): boolean => {
    try {
      return decrypt(storeId, encrypted).length > 0;
    } catch {
      return false;
    }
  };
  const ofOrganisation = async (tx: Tx): Promise<Buffer> => {
    const context = settingContext(tenantId, badgeKeyName);
    const fresh = atRest.encrypt(randomBytes(keyBytes), context);
    return atRest.decrypt(await pinSetting(tx, { tenantId, name: badgeKeyName }, fresh), context);
  };
  const make = async (storeId: string): Promise<void> => {
    const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
      if (await encryptedOf(tx, storeId)) return true;
      const encrypted = atRest.encrypt(await ofOrganisation(tx), badgeKeyContext(tenantId, storeId));
      await tx
        .updateTable('stores')
        .set({ badge_key: encrypted, version: nextVersion() })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .execute();
      return true;
    });
    if (done) seen.add(storeId);
  };
  /** Looked at again under the store's counter: another instance may have told it meanwhile. Tells how many stores it was. */
  const tell = async ({ tx, nextVersion }: StoreWrite, storeId: string, now: number): Promise<number> => {
    const row = await tx
      .selectFrom('stores')
      .select(['badge_key', 'badge_key_untold'])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst();
    if (!row?.badge_key_untold || !row.badge_key || !canOpen(storeId, row.badge_key)) return 0;
    await tx
      .updateTable('stores')
      .set({ badge_key_untold: false, badge_key_told_at: now, version: nextVersion() })
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .execute();
    return 1;
  };
  const isThere = async (storeId: string): Promise<boolean> => {
    if (!seen.has(storeId) && (await encryptedOf(db, storeId))) seen.add(storeId);
    return seen.has(storeId);
  };
  return {
    read: async (tx, storeId) => {
      const encrypted = await encryptedOf(tx, storeId);
      return encrypted && decrypt(storeId, encrypted);
    },
    open: (storeId, encrypted) => {
      try {
        return decrypt(storeId, encrypted);
      } catch (failure) {
        if (!unopened.has(storeId))
          logger.error('a key of badges that no secret opens', { storeId, ...describeThrown(failure) });
        unopened.add(storeId);
        return null;
      }
    },
    noteUntold: async (storeId) => {
      if (!ports.mayWrite()) return;
      await db
        .updateTable('stores')
        .set({ badge_key_untold: true })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('badge_key_untold', '=', false)
        .execute();
    },
    tellUntold: async (now, stop) => {
      const due = await db
        .selectFrom('stores')
        .select('store_id')
        .where('tenant_id', '=', tenantId)
        .where('badge_key_untold', '=', true)
        .where('badge_key_told_at', '<=', now - tellAgainMs)
        .execute();
      const storeIds = due.map(({ store_id: storeId }) => storeId);
      const work = (write: StoreWrite, storeId: string) => tell(write, storeId, now);
      return (await walk(storeIds, work, { stop, pauseMs })).count;
    },
    ensure: async (storeId) => {
      if (!(await isThere(storeId))) await make(storeId);
    },
    ensureIfWritable: async (storeId) => {
      if ((await isThere(storeId)) || !ports.mayWrite()) return;
      try {
        await make(storeId);
      } catch (failure) {
        if (!isUnwritable(codeOf(failure))) throw failure;
        logger.warn('no key of badges could be made', { storeId, ...describeThrown(failure) });
      }
    },
  };
};
