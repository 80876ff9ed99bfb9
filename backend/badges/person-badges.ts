/**
 * Whose badges are whose in a store, and what operators and events of kiosks make of them. An event may arrive long after it happened:
 * one that is older than what is known already gives nobody a badge that signs them in.
 */
import type { Badges } from '#shared/badges/badge-number.ts';
import { activeOf, withBadge, withBlocked, withBlockedBadge } from '#shared/badges/change-badges.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Db, Tx } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';

interface Place {
  readonly tenantId: string;
  readonly storeId: string;
}

interface Holder {
  readonly staffId: string;
  readonly badges: Badges;
  /** When all that they had were blocked last. */
  readonly blockedAt: number | null;
}

/** Everybody who is at the store. */
const holders = async (tx: Db, { tenantId, storeId }: Place): Promise<Holder[]> => {
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

const keep = async (write: StoreWrite, place: Place, person: Holder, before: Holder): Promise<void> => {
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
};

export type Given = 'given' | 'nobody' | 'of_another' | 'blocked_of_another' | 'too_many';

/**
 * `at`: when it was given. Where it, or all that the person had, was blocked after that, it is theirs and blocked. One that was blocked
 * as somebody else's stays theirs.
 */
export const giveBadge = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  hash: string,
  at: number,
): Promise<Given> => {
  const all = await holders(write.tx, place);
  const person = all.find((one) => one.staffId === staffId);
  if (!person) return 'nobody';
  const others = all.flatMap((one) =>
    one === person ? [] : one.badges.filter((badge) => badge.hash === hash),
  );
  if (others.length > 0) return activeOf(others).length > 0 ? 'of_another' : 'blocked_of_another';
  const known = person.badges.find((badge) => badge.hash === hash);
  if (known && (known.blocked !== true || at < (known.since ?? 0))) return 'given';
  const isOvertaken = person.blockedAt !== null && at < person.blockedAt;
  if (isOvertaken && known) return 'given';
  const badges = isOvertaken
    ? withBlockedBadge(person.badges, hash, person.blockedAt)
    : withBadge(person.badges, hash, at);
  if (!badges) return 'too_many';
  await keep(write, place, { ...person, badges }, person);
  return 'given';
};

export interface Block {
  readonly at: number;
  /** These, whenever they were given. */
  readonly hashes: readonly string[];
  /** And all that the person had at that time, be it known yet or not. */
  readonly all: boolean;
}

/** False where there is no such person. */
export const blockBadges = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  { at, hashes, all }: Block,
): Promise<boolean> => {
  const person = (await holders(write.tx, place)).find((one) => one.staffId === staffId);
  if (!person) return false;
  const had = person.badges.filter(({ since }) => all && (since ?? 0) <= at).map(({ hash }) => hash);
  const blocked = activeOf(person.badges).filter((hash) => hashes.includes(hash) || had.includes(hash));
  const badges = blocked.length > 0 ? withBlocked(person.badges, blocked, at) : person.badges;
  const blockedAt = all ? Math.max(at, person.blockedAt ?? 0) : person.blockedAt;
  await keep(write, place, { ...person, badges, blockedAt }, person);
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
