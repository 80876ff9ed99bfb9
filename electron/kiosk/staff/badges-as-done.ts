/** Whose badges are whose, as the backend will have it once it has heard of what was done here. */
import type { Badges } from '#shared/badges/badge-number.ts';
import { blockBadgesOf, giveBadgeTo, type BadgeHolder } from '#shared/badges/change-badges.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';

/** By the id of each person. */
export type BadgesOf = ReadonlyMap<string, Badges>;

export const isOfBadges = ({ kind }: Pick<PlannedEvent, 'kind'>): boolean =>
  kind === 'badge_assigned' || kind === 'badge_blocked';

/** `events` in the order in which they happened; one that the backend has heard of already changes nothing more. */
export const badgesAsDone = (staff: readonly StaffDocument[], events: readonly PlannedEvent[]): BadgesOf => {
  let all: readonly BadgeHolder[] = staff.map(({ staffId, badges = [] }) => ({
    staffId,
    badges,
    blockedAt: null,
  }));
  const change = (staffId: string, to: (person: BadgeHolder) => BadgeHolder): void => {
    all = all.map((one) => (one.staffId === staffId ? to(one) : one));
  };
  for (const { kind, staffId, badges: hashes = [], allBadges, at } of events) {
    if (staffId === null) continue;
    if (kind === 'badge_blocked')
      change(staffId, (person) => blockBadgesOf(person, { at, hashes, all: allBadges === true }));
    else if (kind === 'badge_assigned')
      for (const hash of hashes) {
        const { badges } = giveBadgeTo(all, staffId, hash, at);
        if (badges) change(staffId, (person) => ({ ...person, badges }));
      }
  }
  return new Map(all.map(({ staffId, badges }) => [staffId, badges]));
};
