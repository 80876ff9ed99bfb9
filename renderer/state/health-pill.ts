/** The one state in the bar: "Ready", or what is worst at this kiosk, in a few words. Health tells all of it. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { Phase } from '#shared/ipc/views.ts';
import type { Moment } from '../i18n/moment.ts';
import { pointWords, soonWords, spanWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';
import { levelOf, type HealthLevel, type Part } from './health-words.ts';

export interface Pill {
  readonly level: HealthLevel;
  readonly words: string;
  /** The part that it speaks of; null where all is well. */
  readonly part: Part | null;
}

/** Of two parts that are as bad, the first is named: without it the others would be of no use. */
const byWeight = [
  'vault',
  'radio',
  'lease',
  'certificates',
  'connection',
  'time',
] as const satisfies readonly Part[];
const worstFirst = ['bad', 'attention', 'under_way'] as const satisfies readonly HealthLevel[];

/** So long before nothing opens any more without a contact, in ms, it is said to the minute. */
const leaseSoonMs = 48 * 3_600_000;

const untilWords = (until: number, now: number): Moment =>
  until - now > leaseSoonMs ? pointWords(until, now) : soonWords(until, now);

const connectionWords = ({ connection, lease }: HealthView, now: number): string => {
  const { state, waiting, invalidRows, sendingRefused } = connection;
  if (state === 'unregistered') return t('pill.unregistered');
  if (state === 'online')
    return sendingRefused ? t('pill.sending', { waiting }) : t('pill.put_aside', { count: invalidRows });
  return lease.state === 'valid' && lease.until !== null
    ? t(`pill.${state}_until`, { until: untilWords(lease.until, now) })
    : t(`pill.${state}`);
};

/** What was lost stops nobody: that is for whoever looks at Health. */
const wordsOf = (health: HealthView, part: (typeof byWeight)[number], now: number): string => {
  switch (part) {
    case 'radio':
      return t(`pill.radio.${health.radio.state}`);
    case 'connection':
      return connectionWords(health, now);
    case 'certificates': {
      const { state, validUntil } = health.certificates;
      if (validUntil === null) return t('pill.certificates.missing');
      return t(`pill.certificates.${state}`, { until: pointWords(validUntil, now) });
    }
    case 'time': {
      const { state, skewMs } = health.time;
      if (state === 'wrong' && skewMs !== null) return t('pill.time.off', { skew: spanWords(skewMs) });
      return t(`pill.time.${state}`);
    }
    case 'lease':
      return t(`pill.lease.${health.lease.state}`);
    case 'vault':
      return t(`pill.vault.${health.vault.state}`);
  }
};

/** Whether that keeps all locks closed and is said: while Bluetooth only starts, nothing is wrong. */
export const saysNothingOpens = (obstacle: AppError | null): boolean =>
  obstacle !== null && obstacle.code !== 'radio.restarting';

export interface PillOptions {
  /** A kiosk without an identity has one thing to say, whatever its parts are. */
  readonly phase?: Phase;
  /** Something keeps all locks closed, be it one of the parts or not. */
  readonly nothingOpens?: boolean;
}

export const healthPill = (health: HealthView, now: number, options: PillOptions = {}): Pill => {
  const { phase = 'ready', nothingOpens = false } = options;
  const pill = worstOf(health, now, phase);
  return nothingOpens && pill.level !== 'bad' ? { ...pill, level: 'bad', words: t('pill.nothing') } : pill;
};

const worstOf = (health: HealthView, now: number, phase: Phase): Pill => {
  if (phase === 'revoked') return { level: 'bad', words: t('pill.revoked'), part: 'connection' };
  if (phase === 'unregistered')
    return health.radio.state === 'ready' || health.radio.state === 'starting'
      ? { level: 'under_way', words: t('pill.unregistered'), part: 'connection' }
      : { level: levelOf(health, 'radio', phase), words: wordsOf(health, 'radio', now), part: 'radio' };
  const { pulling } = health.connection;
  for (const level of worstFirst) {
    const part = byWeight.find((one) => levelOf(health, one, phase) === level);
    if (part !== undefined) return { level, words: wordsOf(health, part, now), part };
    if (level === 'attention' && pulling)
      return { level: 'under_way', words: t('pill.pulling', pulling), part: 'connection' };
  }
  return { level: 'good', words: t('pill.ready'), part: null };
};
