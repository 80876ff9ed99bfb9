/** What an event of the journal says: in a line of the list, and in a sentence for each thing that is known of it. */
import type { ErrorCode } from '#shared/errors/table.ts';
import type { ActivityRow, Attention, JournalCheck } from '#shared/ipc/activity.ts';
import { wordError } from '../i18n/error-words.ts';
import { tenths } from '../i18n/number-words.ts';
import { serialTail, serialWords } from '../i18n/serial-words.ts';
import { clockWords, dayBefore, dayWords, pointWords, spanWords, whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

type Person = NonNullable<ActivityRow['person']>;
type Lock = NonNullable<ActivityRow['lock']>;

export const personWords = ({ name }: Person): string => name ?? t('activity.person_gone');
export const lockWords = ({ name, serialNumber }: Lock): string =>
  name ?? t('activity.lock_gone', { tail: serialTail(serialNumber) });

const namingWords = ({ name, group }: { name: string; group: string }): string =>
  group === '' ? name : `${name} · ${group}`;

const sweepSaid = ({ sweep }: ActivityRow): string => {
  const { notLocked = 0, heardOpen: open = 0 } = sweep ?? {};
  const left = notLocked - open;
  return open > 0
    ? t('activity.said.closing_sweep_open', { open, left })
    : t('activity.said.closing_sweep', { left });
};

/** What happened, to follow on who did it; a sentence of its own where nobody did. */
export const saidWords = (row: ActivityRow): string => {
  const lock = row.lock ? lockWords(row.lock) : '';
  const tail = row.lock ? serialTail(row.lock.serialNumber) : '';
  switch (row.kind) {
    case 'unlocked':
      return row.approver
        ? t('activity.said.unlocked_with', { lock, other: personWords(row.approver) })
        : t('activity.said.unlocked', { lock });
    case 'enrolment_captured':
      return t('activity.said.enrolment_captured', { tail });
    case 'events_lost':
      return t(row.errorCode === 'storage.lost' ? 'activity.said.data_lost' : 'activity.said.events_lost');
    case 'lock_provisioned':
      return t('activity.said.lock_provisioned', { lock, person: row.person ? 'somebody' : 'nobody' });
    case 'lock_renamed': {
      const { from, to } = row.renaming ?? { from: { name: lock, group: '' }, to: { name: lock, group: '' } };
      return t('activity.said.lock_renamed', { from: namingWords(from), to: namingWords(to) });
    }
    case 'lock_replaced': {
      const { by = '', naming = { name: lock, group: '' } } = row.replacement ?? {};
      return t('activity.said.lock_replaced', { name: namingWords(naming), old: tail, by: serialTail(by) });
    }
    case 'alarm_raised':
    case 'alarm_acknowledged':
    case 'alarm_ended':
      return t(`activity.said.${row.kind}`, {
        what: t(`alarm.${row.alarm ?? 'tampered'}`),
        lock: row.lock ? lock : t('alarm.kiosk'),
      });
    case 'pause_lifted':
      return t('activity.said.pause_lifted', {
        other: row.approver ? personWords(row.approver) : t('activity.person_gone'),
      });
    case 'badge_assigned':
      return t('activity.said.badge_assigned', {
        other: row.approver ? personWords(row.approver) : t('activity.person_gone'),
      });
    case 'badge_blocked':
      return t('activity.said.badge_blocked', {
        other: row.approver ? personWords(row.approver) : t('activity.person_gone'),
      });
    case 'sign_in_refused': {
      const person = row.person ? 'somebody' : 'nobody';
      return row.purpose
        ? t('activity.said.proof_refused', { person, purpose: row.purpose })
        : t('activity.said.sign_in_refused', { person });
    }
    case 'customer_waiting':
      return t(`activity.said.${row.kind}`, { person: row.person ? 'somebody' : 'nobody' });
    case 'customer_served':
      return t('activity.said.customer_served', { lock, span: spanWords((row.servedSeconds ?? 0) * 1_000) });
    case 'clock_corrected':
      return t('activity.said.clock_corrected', { span: spanWords(row.clockSetByMs ?? 0) });
    case 'closing_sweep':
      return sweepSaid(row);
    case 'batteries_read':
      return t('activity.said.batteries_read', { count: row.batteries ?? 1 });
    case 'battery_round': {
      const { changed, left } = row.round ?? { changed: 0, left: 0 };
      return t('activity.said.battery_round', { changed, left });
    }
    case 'activity_exported': {
      const { events: count, format } = row.exported ?? { events: 0, format: 'csv' };
      return t('activity.said.activity_exported', { count, format: t(`activity.format.${format}`) });
    }
    case 'update_chosen':
    case 'update_done': {
      const { version, what } = row.update ?? { version: '', what: 'installed' };
      return t(`activity.said.${row.kind}`, { version, what });
    }
    case 'locks_exported': {
      const { locks: count, format } = row.lockList ?? { locks: 0, format: 'csv' };
      return t('activity.said.locks_exported', { count, format: t(`locks_list.format.${format}`) });
    }
    default:
      return t(`activity.said.${row.kind}`, { lock });
  }
};

/** What is said of others in place of what is said to them. */
const whys = {
  'rights.outside_hours': 'activity.why.outside_hours',
  'rights.same_person': 'activity.why.same_person',
  'rights.not_permitted': 'activity.why.not_permitted',
  'lock.cancelled': 'activity.why.cancelled',
} as const satisfies Partial<Record<ErrorCode, string>>;
const isOwn = (code: ErrorCode): code is keyof typeof whys => Object.hasOwn(whys, code);

/** What came in the way; empty where nothing did. */
export const whyWords = ({ errorCode }: ActivityRow): string => {
  if (errorCode === null) return '';
  return isOwn(errorCode) ? t(whys[errorCode]) : wordError({ code: errorCode, params: {} }, 0).title;
};

const reasonName = ({ reason }: ActivityRow): string => reason?.name ?? reason?.code ?? '';

/** A line of the list: "opened Spirits cabinet 2 with Priya Raman · Customer wants to see it". */
export const lineWords = (row: ActivityRow): string =>
  [saidWords(row), whyWords(row), reasonName(row)].filter((part) => part !== '').join(' · ');

export const dayHeading = (date: string, today: string): string => {
  if (date === today) return t('activity.today');
  return date === dayBefore(today) ? t('activity.yesterday') : dayWords(date);
};

export const deliveryWords = ({ delivery }: ActivityRow, now: number, isOffline: boolean): string => {
  switch (delivery.state) {
    case 'held':
      return delivery.since === null
        ? t('activity.event.held')
        : t('activity.event.held_since', { since: pointWords(delivery.since, now) });
    case 'refused':
      return t('activity.event.kept_out');
    case 'waiting':
      return t(isOffline ? 'activity.event.waits_offline' : 'activity.event.waits');
  }
};

const chainWords = (sequence: number, check: JournalCheck | null, now: number): string => {
  if (check?.brokenAt) return t('activity.event.broken', { sequence, broken: check.brokenAt });
  return check?.since
    ? t('activity.event.unbroken', { sequence, since: pointWords(check.since, now) })
    : t('activity.event.checking', { sequence });
};

const reasonSentence = (row: ActivityRow): readonly string[] => {
  if (!row.reason) return [];
  const reason = reasonName(row);
  const { number, numberName } = row.reason;
  return number === undefined
    ? [t('activity.event.reason', { reason })]
    : [
        t('activity.event.reason_number', {
          reason,
          number,
          numberName: numberName ?? t('activity.event.number'),
        }),
      ];
};

const sweepSentences = ({ sweep }: ActivityRow): readonly string[] => {
  if (!sweep) return [];
  const { heardLocked: heard, seenLocked: seen, notLocked, heardOpen: open = 0, locks } = sweep;
  const more = notLocked - locks.length;
  const left = notLocked - open;
  return [
    open > 0
      ? t('activity.event.sweep_open', { heard, seen, open, left })
      : t('activity.event.sweep', { heard, seen, left }),
    ...(locks.length === 0
      ? []
      : [t('activity.event.not_locked', { locks: locks.map(lockWords).join(', '), more })]),
  ];
};

const roundSentences = ({ round }: ActivityRow): readonly string[] => {
  if (!round) return [];
  const { changed, left, changedLocks, leftLocks } = round;
  const named = (locks: readonly Lock[], of: number) => ({
    locks: locks.map(lockWords).join(', '),
    more: of - locks.length,
  });
  return [
    ...(changed === 0 ? [] : [t('activity.event.batteries_changed', named(changedLocks, changed))]),
    ...(left === 0 ? [] : [t('activity.event.batteries_left', named(leftLocks, left))]),
  ];
};

export interface EventContext {
  readonly now: number;
  readonly isOffline: boolean;
  /** null: not worked out yet. */
  readonly check: JournalCheck | null;
}

/** All that is known of one event, a sentence for each thing. */
export const eventWords = (row: ActivityRow, { now, isOffline, check }: EventContext): readonly string[] => {
  const { person, approver, method } = row;
  const why = whyWords(row);
  return [
    t('activity.event.when', { day: dayWords(row.day, 'dayYear'), time: clockWords(row.at, 'exact') }),
    ...(row.basis === 'recorded' ? [] : [t(`activity.event.${row.basis}`)]),
    ...(why === '' ? [] : [why]),
    ...(person && method
      ? [t('activity.event.proved', { name: personWords(person), method: t(`activity.method.${method}`) })]
      : []),
    ...(approver
      ? [
          t('activity.event.confirmed', {
            name: personWords(approver),
            method: t(`activity.method.${approver.method}`),
          }),
        ]
      : []),
    ...reasonSentence(row),
    ...(row.group === null ? [] : [t('activity.event.group', { group: row.group })]),
    ...(row.lock ? [t('activity.event.serial', { serial: serialWords(row.lock.serialNumber) })] : []),
    ...(row.waited
      ? [
          t('activity.event.waited', {
            name: personWords(row.waited.person),
            span: spanWords(row.waited.seconds * 1_000),
          }),
        ]
      : []),
    ...sweepSentences(row),
    ...roundSentences(row),
    ...(row.tookMs === null ? [] : [t('activity.event.took', { seconds: tenths(row.tookMs) })]),
    ...(row.offline ? [t('activity.event.offline')] : []),
    deliveryWords(row, now, isOffline),
    chainWords(row.sequence, check, now),
  ];
};

export const attentionWords = (one: Attention, now: number): string => {
  switch (one.kind) {
    case 'unknown':
      return t('activity.attention.unknown', {
        count: one.count,
        lock: lockWords(one.lock),
        since: pointWords(one.since, now),
      });
    case 'refusals':
      return t('activity.attention.refusals', {
        count: one.count,
        name: personWords(one.person),
        when: whenWords(one.at, now),
      });
    case 'not_sent':
      return t('activity.attention.not_sent', { count: one.count, since: pointWords(one.since, now) });
  }
};
