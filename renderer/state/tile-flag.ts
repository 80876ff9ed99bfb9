/** The one thing that a tile says of its lock beside its name: what a person has to know first. null when all is well. */
import type { AppError } from '#shared/errors/app-error.ts';
import { errorTable, type ErrorCode } from '#shared/errors/table.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import { wordError } from '../i18n/error-words.ts';
import { percentWords } from '../i18n/number-words.ts';
import { comingWords, countdown, pointWords, whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';
import { alarmWords, firstAlarm } from './alarm-words.ts';
import { isRuleRefusal } from './asking-steps.ts';

export interface TileFlag {
  /** `role` and `hours`: nothing is wrong, and whoever is signed in may not open it (now). */
  readonly kind: 'unknown' | 'alarm' | 'open' | 'warn' | 'role' | 'hours' | 'wait' | 'release' | 'battery';
  readonly words: string;
}

/** In the few words that a tile has room for; the lock's sheet says all of it. */
const obstacleWords = (obstacle: AppError, now: number): string => {
  if (obstacle.code === 'lock.no_key') return t('tile.why.no_key');
  if (obstacle.code === 'lock.not_provisioned') return t('tile.why.not_provisioned');
  return wordError(obstacle, now).title;
};

const refusalFlag = ({ code, params }: AppError, now: number): TileFlag | null => {
  if (!isRuleRefusal(code)) return null;
  if (code === 'rights.outside_hours' && typeof params.fromAt === 'number')
    return { kind: 'hours', words: t('tile.why.from', { time: comingWords(params.fromAt, now, 'short') }) };
  if (code === 'rights.never_open') return { kind: 'hours', words: t('tile.why.never_open') };
  return {
    kind: 'role',
    words: t(code === 'rights.not_understood' ? 'tile.why.not_understood' : 'tile.why.role'),
  };
};

const waitWords = ({ opensAt, until, over }: NonNullable<LockTile['wait']>, now: number): string =>
  over
    ? t('tile.wait_over', { time: comingWords(until, now, 'short') })
    : t('tile.waits', { left: countdown(Math.max(0, opensAt - now)) });

/** What keeps all locks closed is said once, above all of them. */
const isKiosks = (code: ErrorCode): boolean => code.startsWith('radio.') || code.startsWith('vault.');

export const tileFlag = (lock: LockTile, now: number): TileFlag | null => {
  const { unknownSince, boltOpen, obstacle, proximity, refused, toBeReleased, battery, wait } = lock;
  if (unknownSince !== null)
    return { kind: 'unknown', words: t('tile.unknown', { since: pointWords(unknownSince, now) }) };
  const alarm = firstAlarm(lock);
  if (alarm && !alarm.acknowledged) return { kind: 'alarm', words: alarmWords(alarm.kind, alarm.since, now) };
  if (boltOpen === true) return { kind: 'open', words: t('tile.open') };
  const refusal = obstacle && refusalFlag(obstacle, now);
  if (refusal) return refusal;
  if (obstacle && proximity !== null && !isKiosks(obstacle.code))
    return { kind: 'warn', words: obstacleWords(obstacle, now) };
  if (wait) return { kind: 'wait', words: waitWords(wait, now) };
  if (refused)
    return {
      kind: 'warn',
      words: t(errorTable[refused.error.code].retry === 'never' ? 'tile.refused_for_good' : 'tile.refused', {
        when: whenWords(refused.at, now),
      }),
    };
  if (toBeReleased) return { kind: 'release', words: t('tile.to_be_released') };
  if (alarm) return { kind: 'warn', words: t('alarm.seen', { what: t(`alarm.${alarm.kind}`) }) };
  if (lock.alarms.some(({ kind }) => kind === 'not_heard'))
    return { kind: 'warn', words: t('alarm.not_heard') };
  if (lock.batteryLow && battery !== null)
    return { kind: 'battery', words: t('tile.battery', { percent: percentWords(battery) }) };
  return null;
};
