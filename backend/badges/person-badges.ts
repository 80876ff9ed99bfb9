/** Whose badges are whose in a store, and what operators and events of kiosks make of them. */
import type { Badges } from '#shared/badges/badge-number.ts';
import { activeOf, withBadge, withBlocked } from '#shared/badges/change-badges.ts';
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
}

/** Everybody who is at the store. */
const holders = async (tx: Db, { tenantId, storeId }: Place): Promise<Holder[]> => {
  const rows = await tx
    .selectFrom('staff')
    .select(['staff_id', 'badges'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  return rows.map((row) => ({ staffId: row.staff_id, badges: row.badges ?? [] }));
};

const keep = async (write: StoreWrite, place: Place, staffId: string, badges: Badges): Promise<void> => {
  await write.tx
    .updateTable('staff')
    .set({ badges: JSON.stringify(badges), version: write.nextVersion() })
    .where('tenant_id', '=', place.tenantId)
    .where('store_id', '=', place.storeId)
    .where('staff_id', '=', staffId)
    .execute();
};

export type Given = 'given' | 'nobody' | 'of_another' | 'too_many';
/** As many as a person's document holds. */
const mostBadges = 20;

export const giveBadge = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  hash: string,
): Promise<Given> => {
  const all = await holders(write.tx, place);
  const person = all.find((one) => one.staffId === staffId);
  if (!person) return 'nobody';
  if (all.some((one) => one !== person && one.badges.some((badge) => badge.hash === hash)))
    return 'of_another';
  if (activeOf(person.badges).includes(hash)) return 'given';
  const badges = withBadge(person.badges, hash);
  if (badges.length > mostBadges) return 'too_many';
  await keep(write, place, staffId, badges);
  return 'given';
};

/** `hashes` left out: all that the person has. False where there is no such person. */
export const blockBadges = async (
  write: StoreWrite,
  place: Place,
  staffId: string,
  hashes?: readonly string[],
): Promise<boolean> => {
  const person = (await holders(write.tx, place)).find((one) => one.staffId === staffId);
  if (!person) return false;
  const active = activeOf(person.badges);
  const blocked = hashes ?? active;
  if (active.some((hash) => blocked.includes(hash)))
    await keep(write, place, staffId, withBlocked(person.badges, blocked));
  return true;
};

/** What people did with badges at a kiosk, in the order in which they did. What does not fit any more is passed over. */
export const badgesOfEvents = async (tx: Tx, place: Place, events: readonly AccessEvent[]): Promise<void> => {
  const changes = events.filter(({ kind }) => kind === 'badge_assigned' || kind === 'badge_blocked');
  if (changes.length === 0) return;
  await writeStore(tx, place.tenantId, place.storeId, async (write) => {
    for (const { kind, staffId, badges = [] } of changes) {
      if (staffId === null) continue;
      if (kind === 'badge_blocked') await blockBadges(write, place, staffId, badges);
      else for (const hash of badges) await giveBadge(write, place, staffId, hash);
    }
  });
};
