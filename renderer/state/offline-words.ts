/** Until when a lock opens without a network, as its details tell it. */
import type { LockTile } from '#shared/ipc/views.ts';
import { pointWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

type Told = Pick<LockTile, 'opensOfflineUntil' | 'obstacle' | 'refused'>;

/** A lock that does not open at all does not open offline either; one that is not near opens where somebody goes to it. */
export const offlineWords = ({ opensOfflineUntil: until, obstacle, refused }: Told, now: number): string => {
  const stands = obstacle !== null && obstacle.code !== 'lock.not_near';
  if (until === null || stands || refused !== null) return t('sheet.not_offline');
  return until > now
    ? t('sheet.until', { until: pointWords(until, now) })
    : t('sheet.offline_over', { since: pointWords(until, now) });
};
