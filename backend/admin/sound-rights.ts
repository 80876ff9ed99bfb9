/** What of a store's rights no schema of a field can see: names that are used twice, or stand for nothing. */
import type { z } from 'zod';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import { groupKey } from '#shared/rights/group-key.ts';
import { wallClockOf } from '#shared/rights/wall-clock.ts';

type Rights = Pick<StoreRights, 'timeZone' | 'roles'> & {
  readonly rules: readonly {
    readonly group: string | null;
    readonly reasons?: { readonly choices: readonly { readonly code: string }[] } | undefined;
  }[];
};

/** The places of those whose key one before them has. */
const twice = <T>(all: readonly T[], key: (one: T) => string | null): number[] => {
  const keys = all.map(key);
  const firsts = new Map(keys.map((each, at) => [each, at] as const).reverse());
  return keys.flatMap((each, at) => (firsts.get(each) === at ? [] : [at]));
};

/** Each with its path in the body. */
export const unsoundIn = (rights: Rights): z.core.$ZodRawIssue[] => {
  const issues: z.core.$ZodRawIssue[] = [];
  const say = (message: string, ...path: (string | number)[]): void =>
    void issues.push({ code: 'custom', message, path, input: rights });
  const { timeZone, roles, rules } = rights;
  if (wallClockOf(timeZone) === null) say('is no time zone of the IANA database', 'timeZone');
  roles.forEach(({ roleId, permissions }, at) => {
    if (Object.hasOwn(givenRoles, roleId)) say('is a role that every store has', 'roles', at, 'roleId');
    if (permissions.length === 0) say('allows nothing', 'roles', at, 'permissions');
  });
  for (const at of twice(roles, ({ roleId }) => roleId)) say('is there twice', 'roles', at, 'roleId');
  for (const at of twice(rules, ({ group }) => (group === null ? null : groupKey(group)))) {
    say('has a rule already', 'rules', at, 'group');
  }
  rules.forEach((rule, at) => {
    for (const place of twice(rule.reasons?.choices ?? [], ({ code }) => code)) {
      say('is there twice', 'rules', at, 'reasons', 'choices', place, 'code');
    }
  });
  return issues;
};
