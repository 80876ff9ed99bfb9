/**
 * Whose badges are whose in a store, and what operators and events of kiosks make of them. An event may arrive long after it happened:
 * one that is older than what is known already gives nobody a badge that signs them in.
 */
import {
  blockBadgesOf,
  giveBadgeTo,
  type BadgeHolder,
  type Block,
  type Given,
} from '#shared/badges/change-badges.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Db, Tx } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';

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

const keep = async (
  write: StoreWrite,
  place: Place,
  person: BadgeHolder,
  before: BadgeHolder,
): Promise<void> => {
  const isChanged = person.badges !== before.badges;
  if (!isChanged && person.blockedAt === before.blockedAt) return;
  await write.tx
    .updateTable('staff')
    .set({
      badges_blocked_at: person.blockedAt,
      // That all were blocked once more is no change for kiosks.
      ...(isChanged && { badges: JSON.stringify(person.badges), version: write.nextVersion() }),
    })
    .where('tenant_id', '=', place.tenantId)
    .where('store_id', '=', place.storeId)
    .where('staff_id', '=', person.staffId)
    .execute();
  await keepForPerson(write.tx, place, person, before);
};

/** Of somebody who is assigned: their other stores follow (`settleChanged`). What this store has not heard of yet stays theirs. */
const keepForPerson = async (
  tx: Tx,
  { tenantId }: Place,
  { staffId, badges, blockedAt }: BadgeHolder,
  before: BadgeHolder,
): Promise<void> => {
  const person = await tx
    .selectFrom('people')
    .select(['badges', 'badges_blocked_at'])
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .forUpdate()
    .executeTakeFirst();
  if (!person) return;
  const here = new Set([...badges, ...before.badges].map(({ hash }) => hash));
  const elsewhere = {
    staffId,
    blockedAt: null,
    badges: (person.badges ?? []).filter(({ hash }) => !here.has(hash)),
  };
  const isBlocked = blockedAt !== null && blockedAt !== before.blockedAt;
  const kept = isBlocked ? blockBadgesOf(elsewhere, { at: blockedAt, hashes: [], all: true }) : elsewhere;
  await tx
    .updateTable('people')
    .set((row) => ({
      badges: JSON.stringify([...kept.badges, ...badges]),
      badges_blocked_at:
        blockedAt === null ? person.badges_blocked_at : Math.max(blockedAt, person.badges_blocked_at ?? 0),
      revision: row('revision', '+', 1),
    }))
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .execute();
};

/** As `giveBadgeTo`. */
export const giveBadge = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  hash: string,
  at: number,
): Promise<Given> => {
  const all = await holders(write.tx, place);
  const person = all.find((one) => one.staffId === staffId);
  const { given, badges } = giveBadgeTo(all, staffId, hash, at);
  if (person && badges) await keep(write, place, { ...person, badges }, person);
  return given;
};

/** As `blockBadgesOf`. False where there is no such person. */
export const blockBadges = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  block: Block,
): Promise<boolean> => {
  const person = (await holders(write.tx, place)).find((one) => one.staffId === staffId);
  if (!person) return false;
  await keep(write, place, blockBadgesOf(person, block), person);
  return true;
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
    for (const { kind, staffId, badges = [], allBadges, at: said } of changes) {
      if (staffId === null) continue;
      // A kiosk whose clock is ahead does not block what is given from now on.
      const at = Math.min(said, now);
      if (kind === 'badge_assigned')
        for (const hash of badges) await giveBadge(write, place, staffId, hash, at);
      else await blockBadges(write, place, staffId, { at, hashes: badges, all: allBadges === true });
    }
  });
};
