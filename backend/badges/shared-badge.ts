/**
 * One badge of two people: where two who have the same badge would meet in a store, that is refused before it comes to it. Badges have one
 * key in the organisation, so that the same number is the same hash wherever it was given.
 */
import { sql } from 'kysely';
import { fail } from '#shared/errors/app-error.ts';
import { activeOf } from '#shared/badges/change-badges.ts';
import type { Badges } from '#shared/badges/badge-number.ts';
import { reaches, type StoreInDistrict } from '../people/assignments.ts';
import { allStores, assignedPeople } from '../people/people-rows.ts';
import type { Db, Tx } from '../store/database.ts';

export interface SharedBadge {
  /** Who has it, too, and the store in which both would be. */
  readonly staffId: string;
  readonly person: string;
  readonly storeId: string;
  readonly store: string;
}

/** As an operator is told it. */
export const refuseShared = ({ staffId, person, storeId, store }: SharedBadge) =>
  fail('operator.badge_shared', { staffId, person, storeId, store });

/**
 * Whoever gives one of these badges, and whoever brings somebody who has one to a store, does so one after the other. To be called when all
 * rows that are held are held already, once in a transaction: so nobody who has one waits for anybody.
 */
export const holdBadges = async (tx: Tx, tenantId: string, hashes: readonly string[]): Promise<void> => {
  for (const hash of [...new Set(hashes)].toSorted())
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`badge ${tenantId} ${hash}`}, 0))`.execute(tx);
};

/**
 * Of the badges of somebody who is assigned, those that a store has: each that signs them in, also where somebody else there has it: where
 * it is blocked as that one's, it signs in these, and where it is not, the kiosk is to know that it is both's, and takes it for neither's.
 * A blocked one only where nobody else there has it.
 */
export const atStore = (own: Badges, others: Badges): Badges => {
  const theirs = new Set(others.map(({ hash }) => hash));
  return own.filter(({ hash, blocked }) => blocked !== true || !theirs.has(hash));
};

export interface Bearer {
  readonly staffId: string;
  readonly badges: Badges;
}

/**
 * Who else has a badge of this person's that is not blocked, at one of these stores: also where a store has not followed yet whoever is to
 * come there. `theirs`: of the other's badges those that count, which are the active ones where it is left out. Null: nobody.
 */
export const sharedBadge = async (
  tx: Db,
  tenantId: string,
  { staffId, badges }: Bearer,
  isThere: (store: StoreInDistrict) => boolean,
  theirs: (others: Badges) => readonly string[] = activeOf,
): Promise<SharedBadge | null> => {
  const hashes = activeOf(badges);
  if (hashes.length === 0) return null;
  const has = sql.join(
    hashes.map((hash) => sql`badges @> ${JSON.stringify([{ hash }])}::jsonb`),
    sql` OR `,
  );
  const rows = await tx
    .selectFrom('staff')
    .select(['store_id', 'staff_id', 'name', 'badges'])
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '<>', staffId)
    .where('deleted', '=', false)
    .where(sql<boolean>`(${has})`)
    .orderBy('staff_id')
    .execute();
  const assigned = await assignedPeople(tx, tenantId)
    .where('staff_id', '<>', staffId)
    .where(sql<boolean>`(${has})`)
    .orderBy('staff_id')
    .execute();
  if (rows.length === 0 && assigned.length === 0) return null;
  const moved = new Set(assigned.map(({ staff_id: who }) => who));
  for (const store of (await allStores(tx, tenantId)).filter(isThere)) {
    const { storeId } = store;
    const other = [
      ...rows.filter(({ store_id: at, staff_id: who }) => at === storeId && !moved.has(who)),
      ...assigned.filter(({ assignments }) => assignments.some((each) => reaches(each, store))),
    ].find((one) => theirs(one.badges ?? []).some((hash) => hashes.includes(hash)));
    if (other) return { staffId: other.staff_id, person: other.name, storeId, store: store.name };
  }
  return null;
};
