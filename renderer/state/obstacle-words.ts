/** Why a tap would not open a lock, in the few words that a tile has room for; the lock's sheet says all of it. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { wordError } from '../i18n/error-words.ts';
import { t, type MessageKey } from '../i18n/translate.ts';

const shortWords: Readonly<Partial<Record<ErrorCode, MessageKey>>> = {
  'radio.no_dongle': 'tile.why.no_dongle',
  'radio.stuck': 'tile.why.radio',
  'radio.restarting': 'tile.why.radio',
  'radio.no_permission': 'tile.why.radio',
  'vault.no_secret_store': 'tile.why.vault',
  'vault.cannot_open': 'tile.why.vault',
  'vault.no_intermediate': 'tile.why.no_intermediate',
  'vault.intermediate_expired': 'tile.why.intermediate_expired',
  'vault.lease_expired': 'tile.why.lease_expired',
  'lock.no_key': 'tile.why.no_key',
  'lock.not_provisioned': 'tile.why.not_provisioned',
};

export const obstacleWords = (obstacle: AppError, now: number): string => {
  const short = shortWords[obstacle.code];
  return short === undefined ? wordError(obstacle, now).title : t(short);
};
