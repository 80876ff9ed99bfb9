/**
 * Whose badges are whose in a store, and what operators and events of kiosks make of them. An event may arrive long after it happened:
 * one that is older than what is known already gives nobody a badge that signs them in.
 */
import { sql } from 'kysely';
import {
  blockBadgesOf,
  giveBadgeTo,
  type BadgeHolder,
  type Block,
  type Given,
} from '#shared/badges/change-badges.ts';
import type { Badges } from '#shared/badges/badge-number.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Db, Tx } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { reaches, type Assignment, type StoreInDistrict } from '../people/assignments.ts';
import { atStore as badgesAtStore, holdBadges, sharedBadge, type SharedBadge } from './shared-badge.ts';

interface Place {
  readonly tenantId: string;
  readonly storeId: string;
}

/** Everybody who is at the store. */
const holders = async (tx: Db, { tenantId, storeId }: Place): Promise<BadgeHolder[]> => {
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
const assignedHolder = async (
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
const assignedWith = async (tx: Db, tenantId: string, hash: string): Promise<BadgeHolder[]> => {
  const rows = await tx
    .selectFrom('people')
    .select(['staff_id', 'badges'])
    .where('tenant_id', '=', tenantId)
    .where('gone', '=', false)
    .where(sql<boolean>`badges @> ${JSON.stringify([{ hash }])}::jsonb`)
    .execute();
  return rows.map((row) => ({ staffId: row.staff_id, badges: row.badges ?? [], blockedAt: null }));
};

const hasChanged = (after: BadgeHolder, before: BadgeHolder): boolean =>
  after.badges !== before.badges || after.blockedAt !== before.blockedAt;

/** Of all until then, or of one of them. */
const blocks = (after: BadgeHolder, before: BadgeHolder): boolean => {
  const count = ({ badges }: BadgeHolder): number => badges.filter(({ blocked }) => blocked).length;
  return after.blockedAt !== before.blockedAt || count(after) > count(before);
};

/** What came of it at this store; others follow (`settleChanged`). That all were blocked once more is no change for kiosks. */
const keepAtStore = async (
  write: StoreWrite,
  place: Place,
  after: BadgeHolder,
  isChanged: boolean,
): Promise<void> => {
  await write.tx
    .updateTable('staff')
    .set({
      badges_blocked_at: after.blockedAt,
      ...(isChanged && { badges: JSON.stringify(after.badges), version: write.nextVersion() }),
    })
    .where('tenant_id', '=', place.tenantId)
    .where('store_id', '=', place.storeId)
    .where('staff_id', '=', after.staffId)
    .execute();
};

const keepOfPerson = async (
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

/** `everywhere`: they are assigned; `badgesAtStore` says which of their badges the store has. */
const keep = async (
  write: StoreWrite,
  place: Place,
  change: { readonly after: BadgeHolder; readonly before: BadgeHolder; readonly everywhere: boolean },
  others: readonly BadgeHolder[],
): Promise<void> => {
  const { after, before, everywhere } = change;
  if (!hasChanged(after, before)) return;
  const all = others.flatMap(({ badges }) => badges);
  const here = everywhere ? { ...after, badges: badgesAtStore(after.badges, all) } : after;
  await keepAtStore(write, place, here, after.badges !== before.badges);
  if (everywhere) await keepOfPerson(write.tx, place.tenantId, after, blocks(after, before));
};

const hashesOf = (badges: Badges): string[] => badges.map(({ hash }) => hash);

/** `elsewhere`: who has it at a store that they reach, or are to come to this one, where it is given to nobody else for that. */
export interface GivenHere {
  readonly given: Given;
  readonly elsewhere: SharedBadge | null;
}

/** As `giveBadgeTo`. */
export const giveBadge = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  hash: string,
  at: number,
): Promise<GivenHere> => {
  const all = await holders(write.tx, place);
  const others = all.filter((one) => one.staffId !== staffId);
  const atStore = all.find((one) => one.staffId === staffId);
  if (!atStore) return { given: 'nobody', elsewhere: null };
  const assigned = await assignedHolder(write.tx, place.tenantId, staffId);
  const before = assigned ?? atStore;
  await holdBadges(write.tx, place.tenantId, [hash]);
  const wherever = assigned ? await assignedWith(write.tx, place.tenantId, hash) : [];
  const anybodyElse = [...others, ...wherever.filter((one) => one.staffId !== staffId)];
  const { given, badges } = giveBadgeTo([before, ...anybodyElse], staffId, hash, at);
  if (given === 'given' && badges) {
    const bearer = { staffId, badges: badges.filter((badge) => badge.hash === hash) };
    const isTheirs = (store: StoreInDistrict): boolean =>
      assigned ? assigned.assignments.some((each) => reaches(each, store)) : store.storeId === place.storeId;
    const elsewhere = await sharedBadge(write.tx, place.tenantId, bearer, isTheirs);
    if (elsewhere) return { given: 'of_another', elsewhere };
    if (await sharedBadge(write.tx, place.tenantId, bearer, isTheirs, hashesOf))
      return { given: 'blocked_of_another', elsewhere: null };
  }
  const change = badges && { after: { ...before, badges }, before, everywhere: assigned !== null };
  if (change) await keep(write, place, change, others);
  return { given, elsewhere: null };
};

/** Of somebody who has left the store since, or is to come to it. False where they are not assigned. */
const blockElsewhere = async (
  tx: Tx,
  { tenantId }: Place,
  staffId: string,
  block: Block,
): Promise<boolean> => {
  const before = await assignedHolder(tx, tenantId, staffId);
  if (!before) return false;
  const after = blockBadgesOf(before, block);
  if (hasChanged(after, before)) await keepOfPerson(tx, tenantId, after, true);
  return true;
};

/** As `blockBadgesOf`; of somebody who is assigned and not at the store, wherever they are. False where there is nobody. */
export const blockBadges = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  block: Block,
): Promise<boolean> => {
  const all = await holders(write.tx, place);
  const others = all.filter((one) => one.staffId !== staffId);
  const atStore = all.find((one) => one.staffId === staffId);
  if (!atStore) return blockElsewhere(write.tx, place, staffId, block);
  const assigned = await assignedHolder(write.tx, place.tenantId, staffId);
  const before = assigned ?? atStore;
  const after = blockBadgesOf(before, block);
  await keep(write, place, { after, before, everywhere: assigned !== null }, others);
  return true;
};

/** Two stores that tell of the same people in another order do not wait for each other. */
const holdAssigned = async (tx: Tx, tenantId: string, staffIds: readonly string[]): Promise<void> => {
  await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`staff_id = ANY(${staffIds}::uuid[])`)
    .orderBy('staff_id')
    .forUpdate()
    .execute();
};

/** What people did with badges at a kiosk, in the order in which they did. What does not fit any more is passed over. */
export const badgesOfEvents = async (
  tx: Tx,
  place: Place,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const changes = events.filter(({ kind }) => kind === 'badge_assigned' || kind === 'badge_blocked');
  if (changes.length === 0) return;
  await writeStore(tx, place.tenantId, place.storeId, async (write) => {
    await holdAssigned(tx, place.tenantId, [...new Set(changes.flatMap(({ staffId }) => staffId ?? []))]);
    const given = changes.filter(({ kind }) => kind === 'badge_assigned');
    await holdBadges(
      tx,
      place.tenantId,
      given.flatMap(({ badges = [] }) => badges),
    );
    for (const { kind, staffId, badges = [], allBadges, at: said } of changes) {
      if (staffId === null) continue;
      // A kiosk whose clock is ahead does not block what is given from now on.
      const at = Math.min(said, now);
      if (kind === 'badge_assigned')
        for (const hash of badges) await giveBadge(write, place, staffId, hash, at);
      else {
        const block = { at, hashes: badges, all: allBadges === true };
        await blockBadges(write, place, staffId, block);
      }
    }
  });
};
