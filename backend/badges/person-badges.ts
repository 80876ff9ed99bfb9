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
import type { Badges } from '#shared/badges/badge-number.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { reaches, type StoreInDistrict } from '../people/assignments.ts';
import {
  assignedHolder,
  assignedWith,
  holdAssigned,
  holdersAt,
  keepAtStore,
  keepOfPerson,
} from './badge-holders.ts';
import { atStore as badgesAtStore, holdBadges, sharedBadge, type SharedBadge } from './shared-badge.ts';

const hasChanged = (after: BadgeHolder, before: BadgeHolder): boolean =>
  after.badges !== before.badges || after.blockedAt !== before.blockedAt;

/** Of all until then, or of one of them. */
const blocks = (after: BadgeHolder, before: BadgeHolder): boolean => {
  const count = ({ badges }: BadgeHolder): number => badges.filter(({ blocked }) => blocked).length;
  return after.blockedAt !== before.blockedAt || count(after) > count(before);
};

/** `everywhere`: they are assigned; `badgesAtStore` says which of their badges the store has. */
const keep = async (
  write: StoreWrite,
  here: StoreKey,
  change: { readonly after: BadgeHolder; readonly before: BadgeHolder; readonly everywhere: boolean },
  others: readonly BadgeHolder[],
): Promise<void> => {
  const { after, before, everywhere } = change;
  if (!hasChanged(after, before)) return;
  const all = others.flatMap(({ badges }) => badges);
  const known = everywhere ? { ...after, badges: badgesAtStore(after.badges, all) } : after;
  await keepAtStore(write, here, known, after.badges !== before.badges);
  if (everywhere) await keepOfPerson(write.tx, here.tenantId, after, blocks(after, before));
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
  here: StoreKey,
  staffId: string,
  hash: string,
  at: number,
): Promise<GivenHere> => {
  const all = await holdersAt(write.tx, here);
  const others = all.filter((one) => one.staffId !== staffId);
  const atStore = all.find((one) => one.staffId === staffId);
  if (!atStore) return { given: 'nobody', elsewhere: null };
  const assigned = await assignedHolder(write.tx, here.tenantId, staffId);
  const before = assigned ?? atStore;
  await holdBadges(write.tx, here.tenantId, [hash]);
  const wherever = assigned ? await assignedWith(write.tx, here.tenantId, hash) : [];
  const anybodyElse = [...others, ...wherever.filter((one) => one.staffId !== staffId)];
  const { given, badges } = giveBadgeTo([before, ...anybodyElse], staffId, hash, at);
  if (given === 'given' && badges) {
    const bearer = { staffId, badges: badges.filter((badge) => badge.hash === hash) };
    const isTheirs = (store: StoreInDistrict): boolean =>
      assigned ? assigned.assignments.some((each) => reaches(each, store)) : store.storeId === here.storeId;
    const elsewhere = await sharedBadge(write.tx, here.tenantId, bearer, isTheirs);
    if (elsewhere) return { given: 'of_another', elsewhere };
    if (await sharedBadge(write.tx, here.tenantId, bearer, isTheirs, hashesOf))
      return { given: 'blocked_of_another', elsewhere: null };
  }
  const change = badges && { after: { ...before, badges }, before, everywhere: assigned !== null };
  if (change) await keep(write, here, change, others);
  return { given, elsewhere: null };
};

/** Of somebody who has left the store since, or is to come to it. False where they are not assigned. */
const blockElsewhere = async (
  tx: Tx,
  { tenantId }: StoreKey,
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
  here: StoreKey,
  staffId: string,
  block: Block,
): Promise<boolean> => {
  const all = await holdersAt(write.tx, here);
  const others = all.filter((one) => one.staffId !== staffId);
  const atStore = all.find((one) => one.staffId === staffId);
  if (!atStore) return blockElsewhere(write.tx, here, staffId, block);
  const assigned = await assignedHolder(write.tx, here.tenantId, staffId);
  const before = assigned ?? atStore;
  const after = blockBadgesOf(before, block);
  await keep(write, here, { after, before, everywhere: assigned !== null }, others);
  return true;
};

/** What people did with badges at a kiosk, in the order in which they did. What does not fit any more is passed over. */
export const badgesOfEvents = async (
  tx: Tx,
  here: StoreKey,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const changes = events.filter(({ kind }) => kind === 'badge_assigned' || kind === 'badge_blocked');
  if (changes.length === 0) return;
  await writeStore(tx, here.tenantId, here.storeId, async (write) => {
    await holdAssigned(tx, here.tenantId, [...new Set(changes.flatMap(({ staffId }) => staffId ?? []))]);
    const given = changes.filter(({ kind }) => kind === 'badge_assigned');
    await holdBadges(
      tx,
      here.tenantId,
      given.flatMap(({ badges = [] }) => badges),
    );
    for (const { kind, staffId, badges = [], allBadges, at: said } of changes) {
      if (staffId === null) continue;
      // A kiosk whose clock is ahead does not block what is given from now on.
      const at = Math.min(said, now);
      if (kind === 'badge_assigned')
        for (const hash of badges) await giveBadge(write, here, staffId, hash, at);
      else {
        const block = { at, hashes: badges, all: allBadges === true };
        await blockBadges(write, here, staffId, block);
      }
    }
  });
};
