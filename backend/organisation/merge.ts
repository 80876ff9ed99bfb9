/** What the rights of an organisation, a district and a store come to for the store: as its kiosks get them (docs/rights.md). */
import { groupKey } from '#shared/rights/group-key.ts';
import type { StoreRights } from '#shared/rights/model.ts';

export const levels = ['store', 'district', 'organisation'] as const;
export type Level = (typeof levels)[number];
export type RightsByLevel = Readonly<Record<Level, StoreRights | null>> & {
  /** The store's own; null: that of the nearest level that has rights. */
  readonly timeZone: string | null;
};
type Rule = StoreRights['rules'][number];

/** As rules are compared; that for every other group is none of the groups. */
const keyOf = ({ group }: Rule): string => (group === null ? 'every' : `of ${groupKey(group)}`);

/** Of each thing the nearest level's, whole. */
const nearest = <T>(
  given: RightsByLevel,
  of: (rights: StoreRights) => readonly T[],
  key: (one: T) => string,
): { readonly one: T; readonly from: Level }[] => {
  const found = new Map<string, { one: T; from: Level }>();
  for (const level of levels) {
    const rights = given[level];
    const here = new Map((rights ? of(rights) : []).map((one) => [key(one), one]));
    for (const [name, one] of here) if (!found.has(name)) found.set(name, { one, from: level });
  }
  return [...found.values()];
};

const rulesOf = (given: RightsByLevel) => nearest(given, ({ rules }) => rules, keyOf);

/** Null: none are set at any level. */
export const mergeRights = (given: RightsByLevel): StoreRights | null => {
  const set = levels.flatMap((level) => given[level] ?? []);
  const timeZone = given.timeZone ?? set[0]?.timeZone;
  if (set.length === 0 || timeZone === undefined) return null;
  return {
    timeZone,
    roles: nearest(
      given,
      ({ roles }) => roles,
      ({ roleId }) => roleId,
    ).map(({ one }) => one),
    rules: rulesOf(given).map(({ one }) => one),
  };
};

/** At which level the rule of each group was set. */
export const sourcesOf = (given: RightsByLevel): { readonly group: string | null; readonly from: Level }[] =>
  rulesOf(given).map(({ one, from }) => ({ group: one.group, from }));
