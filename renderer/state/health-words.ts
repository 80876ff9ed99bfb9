/** The state of each part of the kiosk, and the one full sentence that Health has for it; the bar's few words are in `health-pill.ts`. */
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { Phase } from '#shared/ipc/views.ts';
import type { Moment } from '../i18n/moment.ts';
import { pointWords, spanWords, whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

export const parts = ['radio', 'connection', 'certificates', 'time', 'lease', 'vault', 'data'] as const;
export type Part = (typeof parts)[number];
/** Each level has a shape of its own: a dot, a ring, a triangle, a square. */
export type HealthLevel = 'good' | 'under_way' | 'attention' | 'bad';

const levels = {
  radio: { ready: 'good', starting: 'under_way', no_dongle: 'bad', no_permission: 'bad', stuck: 'bad' },
  connection: { online: 'good', offline: 'attention', refused: 'bad', unregistered: 'under_way' },
  certificates: { valid: 'good', renew_soon: 'attention', expired: 'bad', missing: 'bad' },
  time: { checked: 'good', unchecked: 'under_way', wrong: 'bad' },
  lease: { valid: 'good', expired: 'bad', none: 'bad' },
  vault: { ready: 'good', no_secret_store: 'bad', cannot_open: 'bad' },
  data: { whole: 'good', salvaged: 'attention', lost: 'attention' },
} as const satisfies { readonly [P in Part]: Readonly<Record<HealthView[P]['state'], HealthLevel>> };

/** Whether the kiosk has no identity: then no key, certificate or lease is "on its way" or "still good". */
const isKeyless = (phase: Phase): boolean => phase === 'revoked' || phase === 'unregistered';

export const levelOf = (health: HealthView, part: Part, phase: Phase = 'ready'): HealthLevel => {
  if (phase === 'revoked' && part !== 'radio' && part !== 'time') return 'bad';
  switch (part) {
    case 'radio':
      return levels.radio[health.radio.state];
    case 'connection':
      if (health.lease.state === 'expired' && health.connection.state === 'offline') return 'bad';
      return health.connection.state === 'online' &&
        (health.connection.invalidRows > 0 || health.connection.sendingRefused)
        ? 'attention'
        : levels.connection[health.connection.state];
    case 'certificates':
      return levels.certificates[health.certificates.state];
    case 'time':
      return levels.time[health.time.state];
    case 'lease':
      return levels.lease[health.lease.state];
    case 'vault':
      return levels.vault[health.vault.state];
    case 'data':
      return levels.data[health.data.state];
  }
};

/** A clock that was seen to be turned is wrong by nobody knows how much until the next check. */
const timeSentence = ({ time: { state, skewMs } }: HealthView): string => {
  if (state !== 'wrong') return t(`health.time.${state}`);
  return skewMs === null
    ? t('health.time.wrong_unknown')
    : t('health.time.wrong', { skew: spanWords(skewMs) });
};

const connectionSentence = ({ connection }: HealthView, since: Moment): string => {
  const { state, waiting, noAnswer = 'other', sendingRefused } = connection;
  const what = state === 'online' && sendingRefused ? 'sending' : state;
  return t(`health.connection.${what}`, { since, waiting, why: noAnswer });
};

/** What is true of a kiosk without an identity, where that differs from what its parts say; null where it does not. */
const keylessSentence = (health: HealthView, part: Part, phase: Phase): string | null => {
  if (!isKeyless(phase)) return null;
  if (part === 'radio') return health.radio.state === 'ready' ? t('health.keyless.radio') : null;
  if (part === 'certificates' || part === 'lease') return t(`health.keyless.${part}`);
  if (phase !== 'revoked') return null;
  if (part === 'connection') return t('health.revoked.connection');
  if (part === 'data') return t('health.revoked.data');
  return part === 'vault' && health.vault.state === 'ready' ? t('health.revoked.vault') : null;
};

/** Whether the kiosk hears no lock now: then nobody knows how near one is, nor whether it is in range at all. */
export const isDeaf = (health: HealthView | null): boolean =>
  health !== null && health.radio.state !== 'ready';

/** Whether the numbers behind a part say something: of what was erased there are none. */
export const hasDetails = (part: Part, phase: Phase): boolean =>
  phase !== 'revoked' || part === 'radio' || part === 'time';

/** What it is, since when, what it means, what to do. */
export const healthSentence = (
  health: HealthView,
  part: Part,
  now: number,
  phase: Phase = 'ready',
): string => {
  const keyless = keylessSentence(health, part, phase);
  if (keyless !== null) return keyless;
  const since = pointWords(health[part].since, now);
  switch (part) {
    case 'radio':
      return t(`health.radio.${health.radio.state}`, { since });
    case 'connection':
      return connectionSentence(health, since);
    case 'certificates': {
      const { state, validUntil } = health.certificates;
      if (state === 'missing' || validUntil === null) return t('health.certificates.missing');
      const until = state === 'expired' ? whenWords(validUntil, now) : pointWords(validUntil, now);
      return t(`health.certificates.${state}`, { until });
    }
    case 'time':
      return timeSentence(health);
    case 'lease': {
      const { state, until } = health.lease;
      if (state === 'valid' && until !== null)
        return t('health.lease.valid', { until: pointWords(until, now) });
      return t(state === 'expired' ? 'health.lease.expired' : 'health.lease.none', { since });
    }
    case 'vault':
      return t(`health.vault.${health.vault.state}`, { since });
    case 'data':
      return t(`health.data.${health.data.state}`, { when: whenWords(health.data.since, now) });
  }
};
