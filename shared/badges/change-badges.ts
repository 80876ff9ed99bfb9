/** What becomes of a person's badges, at the kiosk at once and at the backend when it hears of it. */
import type { Badges } from './badge-number.ts';

/** This badge is theirs, also where it was blocked. */
export const withBadge = (badges: Badges, hash: string): Badges => [
  ...badges.filter((badge) => badge.hash !== hash),
  { hash },
];

/** Those of `hashes` sign nobody in any more. */
export const withBlocked = (badges: Badges, hashes: readonly string[]): Badges =>
  badges.map((badge) => (hashes.includes(badge.hash) ? { hash: badge.hash, blocked: true } : badge));

export const activeOf = (badges: Badges | undefined): string[] =>
  (badges ?? []).flatMap(({ hash, blocked }) => (blocked === true ? [] : [hash]));
