/** What becomes of a person's badges, at the kiosk at once and at the backend when it hears of it. */
import { mostBadges, type Badges } from './badge-number.ts';

/**
 * This badge is theirs from `since` on, also where it was blocked. Where they have as many as anybody can, the oldest of those that are
 * blocked goes; null: none is.
 */
export const withBadge = (badges: Badges, hash: string, since: number): Badges | null => {
  const others = badges.filter((badge) => badge.hash !== hash);
  const kept = others.length < mostBadges ? others : withoutOldestBlocked(others);
  return kept && [...kept, { hash, since }];
};

/** This badge was theirs for as long as it took somebody else to block all that they have: it is known, and signs nobody in. */
export const withBlockedBadge = (badges: Badges, hash: string, since: number): Badges | null => {
  const kept = badges.length < mostBadges ? badges : withoutOldestBlocked(badges);
  return kept && [...kept, { hash, blocked: true, since }];
};

/** Those of `hashes` sign nobody in any more, since `since`. */
export const withBlocked = (badges: Badges, hashes: readonly string[], since: number): Badges =>
  badges.map((badge) => (hashes.includes(badge.hash) ? { hash: badge.hash, blocked: true, since } : badge));

export const activeOf = (badges: Badges | undefined): string[] =>
  (badges ?? []).flatMap(({ hash, blocked }) => (blocked === true ? [] : [hash]));

const withoutOldestBlocked = (badges: Badges): Badges | null => {
  const oldest = badges.findIndex(({ blocked }) => blocked === true);
  return oldest < 0 ? null : badges.toSpliced(oldest, 1);
};
