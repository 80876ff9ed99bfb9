/** What an alarm is called, from when on, and what the one to show first of a lock is. */
import type { LockTile } from '#shared/ipc/views.ts';
import { alarmKinds, alarmTraits, type AlarmKind } from '#shared/models/alarm.ts';
import { pointWords, spanWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

export type TileAlarm = LockTile['alarms'][number];

export const isGrave = ({ kind }: { readonly kind: AlarmKind }): boolean => alarmTraits[kind].grave;

/** "Tampered with since 14:28"; of a lock that was left open for how long, as it goes on. */
export const alarmWords = (kind: AlarmKind, since: number, now: number): string => {
  if (kind === 'left_open')
    return t('alarm.left_open_for', { span: spanWords(Math.max(1_000, now - since)) });
  if (kind === 'not_heard' || kind === 'duress') return t(`alarm.${kind}`);
  return t('alarm.titled', { what: t(`alarm.${kind}`), since: pointWords(since, now) });
};

/** Of those that call: what nobody has acknowledged first, then the gravest. */
export const firstAlarm = ({ alarms }: Pick<LockTile, 'alarms'>): TileAlarm | undefined =>
  // Asked twice of each tile of a long list, of which hardly one has any.
  alarms.length === 0
    ? undefined
    : alarms
        .filter(isGrave)
        .toSorted(
          (a, b) =>
            Number(a.acknowledged) - Number(b.acknowledged) ||
            alarmKinds.indexOf(a.kind) - alarmKinds.indexOf(b.kind),
        )[0];
