/**
 * What docs/rights.md says, as plainly as can be: the wall's clock as text from `Intl`, compared as text, and time stepped through by
 * the minute. Nothing is kept, and nothing of the product is used. For zones that are whole minutes from UTC.
 */
type Loose = Readonly<Record<string, unknown>>;
const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export interface AskedAssignment {
  readonly roles?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
export interface AskedPerson extends AskedAssignment {
  readonly assignments?: readonly AskedAssignment[] | undefined;
}
export interface Asked {
  readonly person: AskedPerson;
  readonly act: string;
  readonly group: string | null;
  readonly at: number;
}

const given: Readonly<Record<string, string>> = {
  associate: 'open identify',
  lead: 'open open_group identify acknowledge_alarms approve see_health',
  manager:
    'open open_group identify enrol release replace acknowledge_alarms approve read_activity lift_pause export manage_badges see_health leave_kiosk',
  back_office: 'open identify enrol release replace see_health',
  auditor: 'read_activity export',
};

/** Without roles everything else is allowed. */
export const takesARole = (act: string): boolean =>
  ['lift_pause', 'manage_badges', 'leave_kiosk'].includes(act);

const only = (value: unknown, ...names: readonly string[]): value is Loose =>
  isLoose(value) && Object.keys(value).every((name) => names.includes(name));
const isWallTime = (value: unknown): boolean =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(textOf(value)) || value === '24:00';
const isDate = (value: unknown): boolean => {
  const [year = 0, month = 0, date = 0] = textOf(value).split('-').map(Number);
  const made = new Date(Date.UTC(year, month - 1, date));
  return (
    /^\d{4}-\d\d-\d\d$/.test(textOf(value)) && made.getUTCMonth() === month - 1 && made.getUTCDate() === date
  );
};
const isWindow = (value: unknown): boolean =>
  isLoose(value) && isWallTime(value['from']) && isWallTime(value['until']);
const isSchedule = (value: unknown): boolean => {
  if (!only(value, 'weekly', 'exceptions') || !Array.isArray(value['weekly'])) return false;
  if (!Array.isArray(value['exceptions'])) return false;
  const dates = listOf(value['exceptions']).map((each) => isLoose(each) && each['date']);
  return (
    new Set(dates).size === dates.length &&
    dates.every(isDate) &&
    listOf(value['exceptions']).every((each) => isLoose(each) && listOf(each['windows']).every(isWindow)) &&
    listOf(value['weekly']).every(
      (each) =>
        isWindow(each) && listOf((each as Loose)['days']).every((on) => Number(on) >= 1 && Number(on) <= 7),
    )
  );
};
const isRule = (rule: unknown): rule is Loose =>
  only(
    rule,
    'group',
    'roles',
    'schedule',
    'badge',
    'twoPeople',
    'reasons',
    'holdOpenSeconds',
    'delayMinutes',
  ) &&
  (rule['roles'] === undefined || listOf(rule['roles']).length > 0) &&
  (rule['schedule'] === undefined || isSchedule(rule['schedule'])) &&
  (rule['badge'] === undefined || rule['badge'] === 'required') &&
  (rule['twoPeople'] === undefined || rule['twoPeople'] === true) &&
  (rule['reasons'] === undefined ||
    (isLoose(rule['reasons']) && listOf(rule['reasons']['choices']).length > 0)) &&
  (rule['holdOpenSeconds'] === undefined || Number(rule['holdOpenSeconds']) >= 1) &&
  (rule['delayMinutes'] === undefined || Number(rule['delayMinutes']) >= 1);

const sameGroup = (one: unknown, other: string | null): boolean => {
  const spelt = (text: string): string => text.normalize('NFC').trim().toLowerCase();
  return typeof one === 'string' && spelt(one) === spelt(other ?? '');
};

/** 'none', 'odd', or the rule. */
export const ruleFor = (rights: unknown, group: string | null): Loose | 'none' | 'odd' => {
  if (rights === undefined || rights === null) return 'none';
  if (!isLoose(rights) || !Array.isArray(rights['rules'])) return 'odd';
  const all = listOf(rights['rules']).filter(isLoose);
  if (all.some((rule) => rule['group'] !== null && typeof rule['group'] !== 'string')) return 'odd';
  const own = all.filter((rule) => sameGroup(rule['group'], group));
  const fitting = own.length > 0 ? own : all.filter((rule) => rule['group'] === null);
  const [rule] = fitting;
  if (!rule) return 'none';
  return fitting.length === 1 && isRule(rule) ? rule : 'odd';
};

export const allows = (rights: unknown, role: string, act: string): boolean => {
  const own = listOf(isLoose(rights) ? rights['roles'] : []).filter(
    (each) => isLoose(each) && each['roleId'] === role,
  );
  const [found] = own;
  if (own.length === 0) return (given[role] ?? '').split(' ').includes(act);
  if (own.length > 1 || given[role] !== undefined || !isLoose(found) || textOf(found['name']) === '')
    return false;
  return listOf(found['permissions']).includes(act);
};

/** `YYYY-MM-DD HH:MM` on the wall. */
export type Wall = (at: number) => string;
export const wallOf = (rights: unknown): Wall | null => {
  const zone = isLoose(rights) ? textOf(rights['timeZone']) : '';
  if (!/^[A-Z]/i.test(zone)) return null;
  try {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    return (at) => format.format(at);
  } catch {
    return null;
  }
};

const windowsOn = (schedule: Loose, date: string): readonly Loose[] => {
  const exception = listOf(schedule['exceptions']).find((each) => isLoose(each) && each['date'] === date);
  if (isLoose(exception)) return listOf(exception['windows']) as Loose[];
  const isoDay = new Date(`${date}T00:00Z`).getUTCDay() || 7;
  return listOf(schedule['weekly']).filter(
    (each): each is Loose => isLoose(each) && listOf(each['days']).includes(isoDay),
  );
};

const isOpen = (schedule: Loose, wall: string): boolean => {
  const [date = '', time = ''] = wall.split(' ');
  const yesterday = new Date(Date.parse(`${date}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const ends = (window: Loose): [string, string] => [textOf(window['from']), textOf(window['until'])];
  return (
    windowsOn(schedule, date).some((window) => {
      const [from, until] = ends(window);
      return from <= time && (until <= from || time < until);
    }) ||
    windowsOn(schedule, yesterday).some((window) => {
      const [from, until] = ends(window);
      return until <= from && time < until;
    })
  );
};

/** Everything but the next time: `allowed`, `needs …`, or by what it is refused. */
export const judge = (rights: unknown, asked: Asked, wall: Wall | null): string => {
  const { assignments } = asked.person;
  if (!assignments) return judgeOne(rights, asked, wall);
  const judged = assignments.map((person) => judgeOne(rights, { ...asked, person }, wall));
  const refusedBy = (...words: string[]): string | undefined => words.find((word) => judged.includes(word));
  return (
    judged.find((each) => !isRefusal(each)) ??
    refusedBy('schedule', 'not_understood', 'group_roles', 'role') ??
    refusedBy('not_started', 'ended') ??
    'role'
  );
};

const judgeOne = (rights: unknown, { person, act, group, at }: Asked, wall: Wall | null): string => {
  const isOpening = act === 'open' || act === 'open_group';
  const rule = isOpening ? ruleFor(rights, group) : 'none';
  if (person.from !== undefined || person.until !== undefined) {
    if (!wall) return 'not_understood';
    const today = wall(at).slice(0, 10);
    if (person.from !== undefined && today < person.from) return 'not_started';
    if (person.until !== undefined && today > person.until) return 'ended';
  }
  const acting = person.roles?.filter((role) => allows(rights, role, act));
  if (acting ? acting.length === 0 : takesARole(act)) return 'role';
  if (rule === 'odd') return 'not_understood';
  if (rule === 'none') return 'allowed';
  if (acting && rule['roles'] !== undefined && !acting.some((role) => listOf(rule['roles']).includes(role)))
    return 'group_roles';
  if (isLoose(rule['schedule'])) {
    if (!wall) return 'not_understood';
    if (!isOpen(rule['schedule'], wall(at))) return 'schedule';
  }
  const needs = [
    rule['badge'] && 'badge',
    rule['twoPeople'] && 'second_person',
    rule['reasons'] && 'reason',
    rule['delayMinutes'] && 'wait',
  ].filter(Boolean);
  return needs.length > 0 ? `needs ${needs.join(', ')}` : 'allowed';
};

export const isRefusal = (judged: string): boolean => !/^allowed$|^needs /.test(judged);

const minute = 60_000;

/** The first minute after `asked.at` at which it is not refused, for so many minutes; null: none. */
export const nextAllowed = (
  rights: unknown,
  asked: Asked,
  wall: Wall | null,
  minutes: number,
): number | null => {
  const first = (Math.floor(asked.at / minute) + 1) * minute;
  for (let at = first; at < first + minutes * minute; at += minute)
    if (!isRefusal(judge(rights, { ...asked, at }, wall))) return at;
  return null;
};
