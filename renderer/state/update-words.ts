/** What Health says of the kiosk's own updates. */
import type { UpdatesView } from '#shared/ipc/update-view.ts';
import type { Language } from '#shared/models/language.ts';
import { whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';
import type { HealthLevel } from './health-words.ts';

export const updateLevels = {
  unasked: 'under_way',
  current: 'good',
  downloading: 'under_way',
  waiting: 'good',
  installing: 'under_way',
  problem: 'attention',
} as const satisfies Readonly<Record<UpdatesView['state'], HealthLevel>>;

/** The sentence, and what else is worth a line: that one was installed, and what the next one brings. */
export const updateLines = (
  { state, version, offered, window, updatedAt }: UpdatesView,
  now: number,
  language: Language,
): { readonly sentence: string; readonly more: readonly string[] } => {
  const values = { version, offered: offered?.version ?? version, begin: window.from, end: window.to };
  // Whoever has written only English has written something.
  const brings = offered?.words[language] ?? offered?.words.en;
  const when = updatedAt === undefined ? null : whenWords(updatedAt, now);
  return {
    sentence: t(`health.updates.${state}`, values),
    more: [
      ...(when === null ? [] : [t('health.updates.updated', { version, when })]),
      ...(brings === undefined || state === 'problem' ? [] : [t('health.updates.brings', { words: brings })]),
    ],
  };
};
