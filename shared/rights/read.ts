/**
 * What a store's document says of rights, made ready to judge by. What is not understood stands as that, and refuses what it
 * concerns: a rule its group, a role what it would have allowed, a time zone what goes by the clock.
 */
import { z } from 'zod';
import { createBoundedMap } from '../flow/bounded-map.ts';
import { groupKey } from './group-key.ts';
import {
  dateSchema,
  givenRoles,
  permissions,
  roleIdSchema,
  roleSchema,
  ruleSchema,
  storeRightsSchema,
  type Permission,
  type Rule,
} from './model.ts';
import { timetableOf, type Timetable } from './timetable.ts';
import { startOfDay, wallClockOf, type WallClock } from './wall-clock.ts';

/** A rule that can be judged by. */
export interface ReadRule extends Omit<Rule, 'schedule'> {
  readonly timetable: Timetable | null;
}
export type GroupRule = ReadRule | 'not_understood';

type DayOf = (date: string) => number | null;

/** Read once, kept, and asked for every decision. */
export interface Rights {
  /** Null: no rights are set, or the time zone is not known here. */
  readonly wall: WallClock | null;
  /** IANA, of `wall`. */
  readonly timeZone: string | undefined;
  /** By role. One that is not here allows nothing. */
  readonly roles: ReadonlyMap<string, ReadonlySet<Permission>>;
  /** Undefined: no rule. Null as '' is a lock without a group. */
  readonly ruleOf: (group: string | null) => GroupRule | undefined;
  /** The wall time at which that day begins; null: it is none. */
  readonly dayOf: DayOf;
}

const isPermission = (name: string): name is Permission => (permissions as readonly string[]).includes(name);
const listOf = (given: unknown, most: number): readonly unknown[] | null =>
  Array.isArray(given) && given.length <= most ? (given as unknown[]) : null;

/** A role of the store's own that takes the name of another says two things, and allows nothing. */
const readRoles = (given: unknown): Rights['roles'] => {
  const roles = new Map<string, ReadonlySet<Permission>>(
    Object.entries(givenRoles).map(([roleId, allowed]) => [roleId, new Set<Permission>(allowed)]),
  );
  for (const each of listOf(given, 50) ?? []) {
    const roleId = z.object({ roleId: roleIdSchema }).safeParse(each).data?.roleId;
    if (roleId === undefined) continue;
    const role = roleSchema.safeParse(each).data;
    roles.set(roleId, new Set(roles.has(roleId) ? [] : role?.permissions.filter(isPermission)));
  }
  return roles;
};

const readRule = (given: unknown, dayOf: DayOf): GroupRule => {
  const { data } = ruleSchema.safeParse(given);
  if (!data) return 'not_understood';
  const { schedule, ...rule } = data;
  return { ...rule, timetable: schedule ? timetableOf(schedule, dayOf) : null };
};

const groupOf = z.looseObject({ group: ruleSchema.shape.group });

/**
 * Two rules for one group say two things; of one whose group cannot be told it is not known what it concerns. What a rule says is
 * read when its group is first asked for: a store may have more of them than can be read while somebody waits.
 */
const readRules = (given: unknown, dayOf: DayOf): Rights['ruleOf'] => {
  const rules = listOf(given, 500);
  if (!rules) return () => 'not_understood';
  const byGroup = new Map<string | null, unknown>();
  const read = new Map<string | null, GroupRule>();
  for (const each of rules) {
    const group = groupOf.safeParse(each).data?.group;
    if (group === undefined) return () => 'not_understood';
    const key = group === null ? null : groupKey(group);
    if (byGroup.has(key)) read.set(key, 'not_understood');
    byGroup.set(key, each);
  }
  return (group) => {
    const own = groupKey(group);
    const key = byGroup.has(own) ? own : null;
    let rule = read.get(key);
    if (!rule && byGroup.has(key)) read.set(key, (rule = readRule(byGroup.get(key), dayOf)));
    return rule;
  };
};

const readDay: DayOf = (date) => (dateSchema.safeParse(date).success ? startOfDay(date) : null);
const mostDays = 2000;

/**
 * `given` is `rights` of the store's document, whatever it holds; undefined or null: no rights are set, and no rule holds. Never
 * throws.
 */
export const readRights = (given: unknown): Rights => {
  const isSet = given !== undefined && given !== null;
  const { timeZone, roles, rules } = z.looseObject({}).safeParse(given).data ?? {};
  const zone = storeRightsSchema.shape.timeZone.safeParse(timeZone).data;
  const days = createBoundedMap<string, number | null>(mostDays);
  const dayOf: DayOf = (date) => {
    let start = days.get(date);
    if (start === undefined) days.set(date, (start = readDay(date)));
    return start;
  };
  const wall = zone === undefined ? null : wallClockOf(zone);
  return {
    wall,
    timeZone: wall ? zone : undefined,
    roles: readRoles(roles),
    ruleOf: isSet ? readRules(rules, dayOf) : () => undefined,
    dayOf,
  };
};
