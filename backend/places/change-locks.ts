/** What becomes of the store's locks where people have named or replaced some at a kiosk. */
import { isSameName } from '#shared/models/naming.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import { nameOfLock, type LockOfStore } from '../store/lock-row.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { nameLock } from './name-lock.ts';
import { replaceLock } from './replace-lock.ts';

/** In the order of the events, as one leads to the other. */
export const changeLocks = async (
  tx: Tx,
  store: Pick<LockOfStore, 'tenantId' | 'storeId'>,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const changes = events.filter(({ kind }) => kind === 'lock_renamed' || kind === 'lock_replaced');
  if (changes.length === 0) return;
  await writeStore(tx, store.tenantId, store.storeId, async (write) => {
    for (const event of changes) {
      if (event.kind === 'lock_replaced') await replaceLock(write, store, event, now);
      else await renameLock(write, store, event, now);
    }
  });
};

/**
 * A lock that is not called any more what the person saw keeps what it is called: whoever named it since, an operator or somebody at
 * another kiosk, knew more.
 */
const renameLock = async (
  write: StoreWrite,
  { tenantId, storeId }: Pick<LockOfStore, 'tenantId' | 'storeId'>,
  { serialNumber, renaming, at }: AccessEvent,
  now: number,
): Promise<void> => {
  if (serialNumber === null || !renaming) return;
  const { from, to } = renaming;
  const lock: LockOfStore = { tenantId, storeId, serialNumber };
  const held = await nameOfLock(write.tx, lock);
  if (!held || !isSameName(held, from) || isSameName(from, to)) return;
  await nameLock(write, lock, to, Math.min(at, now));
};
