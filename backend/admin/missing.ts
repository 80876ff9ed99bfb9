/** What it is that a call has not found: of what its path names, the first that is not there. */
import type { Db } from '../store/database.ts';
import { rowsOf } from '../store/lock-row.ts';

/** The words for each are in `renderer/i18n/en.json`. */
export type Missing =
  'store' | 'person' | 'lock' | 'place' | 'order' | 'kiosk' | 'enrolment' | 'district' | 'alarm';

/** What a path names before that which was looked for. */
export interface InPath {
  readonly storeId: string;
  readonly serialNumber?: string;
}

export interface MissingParts {
  hasStore(storeId: string): Promise<boolean>;
  /** `what` was not found there: the store, else the lock, where that is why. */
  find(path: InPath, what: Missing): Promise<Missing>;
}

export const createMissingParts = (db: Db, tenantId: string): MissingParts => {
  const hasStore = async (storeId: string): Promise<boolean> =>
    (await db
      .selectFrom('stores')
      .select('store_id')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst()) !== undefined;
  const hasLock = async (storeId: string, serialNumber: string): Promise<boolean> =>
    (await db
      .selectFrom('locks')
      .select('serial_number')
      .where((row) => row.and({ ...rowsOf({ tenantId, storeId, serialNumber }), deleted: false }))
      .executeTakeFirst()) !== undefined;
  return {
    hasStore,
    find: async ({ storeId, serialNumber }, what) => {
      if (!(await hasStore(storeId))) return 'store';
      if (serialNumber !== undefined && !(await hasLock(storeId, serialNumber))) return 'lock';
      return what;
    },
  };
};
