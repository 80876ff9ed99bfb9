/**
 * Who may do what, when, and what it takes: the one decision that the kiosk, its page and the backend all ask. It has no clock and
 * asks nobody; what it goes by is in its arguments (docs/rights.md).
 */
import { groupKey } from './group-key.ts';
import {
  assignmentsOf,
  onlyByRole,
  permissions,
  type AssignedRights,
  type Permission,
  type PersonRights,
  type Reasons,
} from './model.ts';
import type { GroupRule, ReadRule, Rights } from './read.ts';
import { day, type Timetable } from './timetable.ts';
import { isTime, type WallClock } from './wall-clock.ts';

export { readRights, type Rights } from './read.ts';

/** What it takes besides the person; `badge`: that badge and PIN have proved who they are. */
export type Need = 'badge' | 'second_person' | 'reason' | 'wait';
export type RefusedBy = 'role' | 'group_roles' | 'schedule' | 'not_started' | 'ended' | 'not_understood';
export type Decision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'needs'; readonly needs: readonly Need[] }
  /** `from`: ms since the epoch, the next time at which it would not be refused, within 400 days; null: never, or not known. */
  | { readonly kind: 'refused'; readonly by: RefusedBy; readonly from: number | null };

const allowed: Decision = { kind: 'allowed' };
const searched = 400 * day;
/** No zone changes its clock as often in that time. */
const mostStretches = 64;

/** Wall times: `until` is not one of them. */
interface Employed {
  readonly from: number;
  readonly until: number;
}

/** 'not_understood': a date that is none. */
const employedOf = ({ from, until }: AssignedRights, rights: Rights): Employed | 'not_understood' => {
  const first = from === undefined ? -Infinity : rights.dayOf(from);
  const last = until === undefined ? Infinity : rights.dayOf(until);
  return first === null || last === null ? 'not_understood' : { from: first, until: last + day };
};

/** The first time from `at` on, in ms since the epoch, that lies within both; null: none for 400 days. */
const nextWithin = (
  at: number,
  wall: WallClock,
  employed: Employed,
  timetable: Timetable | null,
): number | null => {
  const end = at + searched + 1;
  let time = at;
  for (let stretch = 0; stretch < mostStretches && time < end && isTime(time); stretch += 1) {
    const { until, offset } = wall.stretchAt(time);
    const from = Math.max(time + offset, employed.from);
    const before = Math.min(Math.min(until, end) + offset, employed.until);
    const open = from >= before ? null : timetable ? timetable.nextOpen(from, before) : from;
    if (open !== null) return open - offset;
    time = until;
  }
  return null;
};

/** Of a group's rule; every other act is by role and by the person's dates alone. */
const isOpening = (act: Permission): boolean => act === 'open' || act === 'open_group';

const roleAllows = (role: string, act: Permission, rights: Rights): boolean =>
  rights.roles.get(role)?.has(act) === true;

/** Why no time at all would do; null: it is a matter of time. */
const refusedAlways = (
  { roles }: AssignedRights,
  act: Permission,
  rule: GroupRule | undefined,
  rights: Rights,
): RefusedBy | null => {
  const acting = roles?.filter((role) => roleAllows(role, act, rights));
  if (acting ? acting.length === 0 : onlyByRole.includes(act)) return 'role';
  if (rule === 'not_understood') return 'not_understood';
  return acting && rule?.roles && !acting.some((role) => rule.roles?.includes(role)) ? 'group_roles' : null;
};

const needsOf = (rule: ReadRule | undefined): Decision => {
  const needs: Need[] = [];
  if (rule?.badge) needs.push('badge');
  if (rule?.twoPeople) needs.push('second_person');
  if (rule?.reasons) needs.push('reason');
  if (rule?.delayMinutes !== undefined) needs.push('wait');
  return needs.length > 0 ? { kind: 'needs', needs } : allowed;
};

const refused = (by: RefusedBy, from: number | null = null): Decision => ({ kind: 'refused', by, from });

/** Of several refusals: those of assignments that hold on the day are told before those of others. */
const grounds: readonly RefusedBy[] = [
  'schedule',
  'not_understood',
  'group_roles',
  'role',
  'not_started',
  'ended',
];

/** The first time of them all, whichever assignment it is of. */
const refusedByAll = (decisions: readonly Decision[]): Decision => {
  const all = decisions.filter((each) => each.kind === 'refused');
  const by = grounds.find((ground) => all.some((each) => each.by === ground)) ?? 'role';
  const times = all.flatMap(({ from }) => (from === null ? [] : [from]));
  return refused(by, times.length > 0 ? Math.min(...times) : null);
};

/**
 * Whether `person` may do `act` at `at`, in ms since the epoch. `group` is the lock's, null or '' for none; it counts for `open` and
 * `open_group` alone. Of several grounds to refuse the first is told: the person's dates, their roles, the rule, its hours.
 */
export const decide = (
  person: PersonRights,
  act: Permission,
  group: string | null,
  at: number,
  rights: Rights,
): Decision => {
  if (person.assignments === undefined) return decideBy(person, act, group, at, rights);
  const decisions = person.assignments.map((each) => decideBy(each, act, group, at, rights));
  return decisions.find(({ kind }) => kind !== 'refused') ?? refusedByAll(decisions);
};

/** By one assignment alone. */
const decideBy = (
  person: AssignedRights,
  act: Permission,
  group: string | null,
  at: number,
  rights: Rights,
): Decision => {
  const rule = isOpening(act) ? rights.ruleOf(group) : undefined;
  const always = refusedAlways(person, act, rule, rights);
  const timetable = rule === undefined || rule === 'not_understood' ? null : rule.timetable;
  const isDated = person.from !== undefined || person.until !== undefined;
  if (!isDated && (always !== null || !timetable))
    return always !== null ? refused(always) : needsOf(rule === 'not_understood' ? undefined : rule);
  const employed = employedOf(person, rights);
  if (rights.wall === null || employed === 'not_understood' || !isTime(at)) return refused('not_understood');
  const next = always === null ? nextWithin(at, rights.wall, employed, timetable) : null;
  if (next === at) return needsOf(rule === 'not_understood' ? undefined : rule);
  const now = at + rights.wall.stretchAt(at).offset;
  if (now < employed.from) return refused('not_started', next);
  if (now >= employed.until) return refused('ended', next);
  return refused(always ?? 'schedule', next);
};

/** Those of `people` who may do it at `at`, be it with a reason or somebody beside them. */
export const whoMay = <P extends PersonRights>(
  people: readonly P[],
  act: Permission,
  group: string | null,
  at: number,
  rights: Rights,
): P[] => people.filter((person) => decide(person, act, group, at, rights).kind !== 'refused');

/** What the person's roles allow, whatever the time and the group; without roles everything that takes none. */
export const permissionsOf = (person: PersonRights, rights: Rights): Permission[] =>
  permissions.filter((act) =>
    assignmentsOf(person).some(({ roles }) =>
      roles === undefined ? !onlyByRole.includes(act) : roles.some((role) => roleAllows(role, act, rights)),
    ),
  );

/** Those of a person's assignments in whose days `at` lies. */
export const assignmentsAt = (person: PersonRights, at: number, rights: Rights): readonly AssignedRights[] =>
  assignmentsOf(person).filter(
    ({ from, until }) => decideBy({ from, until }, 'identify', null, at, rights).kind !== 'refused',
  );

/** As `permissionsOf`, by what holds at `at` alone: of who has not begun, or has ended, nothing. */
export const permissionsAt = (person: PersonRights, at: number, rights: Rights): Permission[] =>
  permissionsOf({ staffId: person.staffId, assignments: assignmentsAt(person, at, rights) }, rights);

const readRuleOf = (group: string | null, rights: Rights): ReadRule | undefined => {
  const rule = rights.ruleOf(group);
  return rule === 'not_understood' ? undefined : rule;
};

/** What is asked for before a lock of that group opens; null: nothing. */
export const reasonsOf = (group: string | null, rights: Rights): Reasons | null =>
  readRuleOf(group, rights)?.reasons ?? null;

/** How many seconds a lock of that group is held open; null: as long as any. */
export const holdOpenSecondsOf = (group: string | null, rights: Rights): number | null =>
  readRuleOf(group, rights)?.holdOpenSeconds ?? null;

/** How many minutes pass between asking for a lock of that group and opening it; null: none. */
export const delayMinutesOf = (group: string | null, rights: Rights): number | null =>
  readRuleOf(group, rights)?.delayMinutes ?? null;

/** Whether a lock that goes from one group to the other leaves the rule that holds for it. One that is not understood is like no other. */
export const leavesRule = (from: string, to: string, rights: Rights): boolean => {
  const rule = rights.ruleOf(from);
  if (rule === undefined || groupKey(from) === groupKey(to)) return false;
  return rule === 'not_understood' || rule !== rights.ruleOf(to);
};
