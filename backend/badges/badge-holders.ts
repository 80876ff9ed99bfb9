/** Who has which badges, and since when all of theirs are blocked: as a store has them, and as they are everywhere. */
import { sql } from 'kysely';
import type { BadgeHolder } from '#shared/badges/change-badges.ts';
import type { Assignment } from '../people/assignments.ts';
import type { Db, Tx } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import type { StoreWrite } from '../store/store-write.ts';

/** Everybody who is at the store. */
export const holdersAt = async (tx: Db, { tenantId, storeId }: StoreKey): Promise<BadgeHolder[]> => {
  const rows = await tx
    .selectFrom('staff')
    .select(['staff_id', 'badges', 'badges_blocked_at'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  return rows.map((row) => ({
    staffId: row.staff_id,
    badges: row.badges ?? [],
    blockedAt: row.badges_blocked_at,
  }));
};

/**
 * Somebody who is assigned, as they are everywhere: what a store has of them may be behind. Held until the transaction ends. Null where
 * nobody is assigned.
 */
export const assignedHolder = async (
  tx: Tx,
  tenantId: string,
  staffId: string,
): Promise<(BadgeHolder & { readonly assignments: readonly Assignment[] }) | null> => {
  const person = await tx
    .selectFrom('people')
    .select(['badges', 'badges_blocked_at', 'assignments'])
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .where('gone', '=', false)
    .forUpdate()
    .executeTakeFirst();
  if (!person) return null;
  const { badges, badges_blocked_at: blockedAt, assignments } = person;
  return { staffId, badges: badges ?? [], blockedAt, assignments };
};

/** Others who are assigned and have this badge, wherever they are. */
export const assignedWith = async (tx: Db, tenantId: string, hash: string): Promise<BadgeHolder[]> => {
  const rows = await tx
    .selectFrom('people')
    .select(['staff_id', 'badges'])
    .where('tenant_id', '=', tenantId)
    .where('gone', '=', false)
    .where(sql<boolean>`badges @> ${JSON.stringify([{ hash }])}::jsonb`)
    .execute();
  return rows.map((row) => ({ staffId: row.staff_id, badges: row.badges ?? [], blockedAt: null }));
};

/** Two stores that tell of the same people in another order do not wait for each other. */
export const holdAssigned = async (tx: Tx, tenantId: string, staffIds: readonly string[]): Promise<void> => {
  await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`staff_id = ANY(${staffIds}::uuid[])`)
    .orderBy('staff_id')
    .forUpdate()
    .execute();
};

/** What came of it at this store; others follow (`settleChanged`). That all were blocked once more is no change for kiosks. */
export const keepAtStore = async (
  { tx, nextVersion }: StoreWrite,
  { tenantId, storeId }: StoreKey,
  after: BadgeHolder,
  isChanged: boolean,
): Promise<void> => {
  await tx
    .updateTable('staff')
    .set({
      badges_blocked_at: after.blockedAt,
      ...(isChanged && { badges: JSON.stringify(after.badges), version: nextVersion() }),
    })
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('staff_id', '=', after.staffId)
    .execute();
};

export const keepOfPerson = async (
  tx: Tx,
  tenantId: string,
  after: BadgeHolder,
  takesAway: boolean,
): Promise<void> => {
  await tx
    .updateTable('people')
    .set((row) => ({
      badges: JSON.stringify(after.badges),
      badges_blocked_at: after.blockedAt,
      revision: row('revision', '+', 1),
      ...(takesAway && { takes_away: true }),
    }))
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', after.staffId)
    .execute();
};
