/** An entry of a lock's own record in words. */
import type { RingEventView } from '#shared/ipc/views.ts';
import { whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

export interface RecordWords {
  readonly what: string;
  /** Empty where no person caused it. */
  readonly who: string;
  readonly when: string;
}

const whoWords = (actor: RingEventView['actor']): string => {
  switch (actor.kind) {
    case 'nobody':
      return '';
    case 'staff':
      return t('record.by', { name: actor.name });
    case 'unknown':
      return t('record.by_unknown');
  }
};

export const recordWords = ({ kind, actor, at }: RingEventView, now: number): RecordWords => ({
  what: t(`record.kind.${kind}`),
  who: whoWords(actor),
  when: whenWords(at, now).words,
});
