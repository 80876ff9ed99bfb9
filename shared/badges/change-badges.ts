/** What becomes of a person's badges: the same at the kiosk at once and at the backend when it hears of it. */
import { mostBadges, type Badges } from './badge-number.ts';

export interface BadgeHolder {
  readonly staffId: string;
  readonly badges: Badges;
  /** When all that they had were blocked last; null: never, or nobody has said. */
  readonly blockedAt: number | null;
}

export type Given = 'given' | 'nobody' | 'of_another' | 'blocked_of_another' | 'too_many';

/**
 * `at`: when it was given. Where it, or all that the person had, was blocked after that, it is theirs and blocked. One that was blocked
 * as somebody else's stays theirs, but for whoever had it before that. `all`: everybody of the store.
 */
export const giveBadgeTo = (
  all: readonly BadgeHolder[],
  staffId: string,
  hash: string,
  at: number,
): { readonly given: Given; readonly badges?: Badges } => {
  const person = all.find((one) => one.staffId === staffId);
  if (!person) return { given: 'nobody' };
  const others = all.flatMap((one) =>
    one === person ? [] : one.badges.filter((badge) => badge.hash === hash),
  );
  const known = person.badges.find((badge) => badge.hash === hash);
  const isTheirs = known !== undefined && known.blocked !== true;
  if (activeOf(others).length > 0) return { given: 'of_another' };
  if (others.length > 0 && !isTheirs) return { given: 'blocked_of_another' };
  if (isTheirs || (known && at < (known.since ?? 0))) return { given: 'given' };
  const isOvertaken = person.blockedAt !== null && at < person.blockedAt;
  if (isOvertaken && known) return { given: 'given' };
  const badges = isOvertaken
    ? withBlockedBadge(person.badges, hash, person.blockedAt)
    : withBadge(person.badges, hash, at);
  return badges ? { given: 'given', badges } : { given: 'too_many' };
};

export interface Block {
  readonly at: number;
  /** These, whenever they were given. */
  readonly hashes: readonly string[];
  /** And all that the person had at that time, be it known yet or not. */
  readonly all: boolean;
}

export const blockBadgesOf = (person: BadgeHolder, { at, hashes, all }: Block): BadgeHolder => {
  const had = person.badges.filter(({ since }) => all && (since ?? 0) <= at).map(({ hash }) => hash);
  const blocked = activeOf(person.badges).filter((hash) => hashes.includes(hash) || had.includes(hash));
  const badges = blocked.length > 0 ? withBlocked(person.badges, blocked, at) : person.badges;
  const blockedAt = all ? Math.max(at, person.blockedAt ?? 0) : person.blockedAt;
  return { ...person, badges, blockedAt };
};

/**
 * This badge is theirs from `since` on, also where it was blocked. Where they have as many as anybody can, the oldest of those that are
 * blocked goes; null: none is.
 */
const withBadge = (badges: Badges, hash: string, since: number): Badges | null => {
  const others = badges.filter((badge) => badge.hash !== hash);
  const kept = others.length < mostBadges ? others : withoutOldestBlocked(others);
  return kept && [...kept, { hash, since }];
};

/** This badge was theirs for as long as it took somebody else to block all that they have: it is known, and signs nobody in. */
const withBlockedBadge = (badges: Badges, hash: string, since: number): Badges | null => {
  const kept = badges.length < mostBadges ? badges : withoutOldestBlocked(badges);
  return kept && [...kept, { hash, blocked: true, since }];
};

/** Those of `hashes` sign nobody in any more, since `since`. */
const withBlocked = (badges: Badges, hashes: readonly string[], since: number): Badges =>
  badges.map((badge) => (hashes.includes(badge.hash) ? { hash: badge.hash, blocked: true, since } : badge));

/** One person's badges from several places: of each, a block goes before what is not blocked. */
export const joinBadges = (all: readonly Badges[]): Badges => {
  const joined = new Map<string, Badges[number]>();
  for (const badge of all.flat()) {
    const known = joined.get(badge.hash);
    const isNewer = known === undefined || (badge.since ?? 0) > (known.since ?? 0);
    const differ = known !== undefined && (known.blocked === true) !== (badge.blocked === true);
    if (differ ? badge.blocked === true : isNewer) joined.set(badge.hash, badge);
  }
  let badges: Badges = [...joined.values()];
  while (badges.length > mostBadges) badges = withoutOldestBlocked(badges) ?? badges.slice(1);
  return badges;
};

export const activeOf = (badges: Badges | undefined): string[] =>
  (badges ?? []).flatMap(({ hash, blocked }) => (blocked === true ? [] : [hash]));

const withoutOldestBlocked = (badges: Badges): Badges | null => {
  const oldest = badges.findIndex(({ blocked }) => blocked === true);
  return oldest < 0 ? null : badges.toSpliced(oldest, 1);
};
