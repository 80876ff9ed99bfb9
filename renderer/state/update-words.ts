/** What Health says of the kiosk's own updates. */
import type { UpdateNotice, UpdatesView } from '#shared/ipc/update-view.ts';
import type { Language } from '#shared/models/language.ts';
import { percentWords } from '../i18n/number-words.ts';
import { pointWords, whenWords } from '../i18n/time-words.ts';
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

/** In the language in use; whoever has written only English has written something. */
export const bringsOf = (
  words: NonNullable<UpdatesView['offered']>['words'],
  language: Language,
): string | undefined => words[language] ?? words.en;

/** Whether "tonight" is the word for when that window comes next. */
export const isByNight = ({ from }: UpdatesView['window']): boolean => from >= '18:00' || from < '06:00';

/** Whether somebody has to say when what waits is installed: it would come by itself, and nobody has. */
export const asksWhen = (update: UpdateNotice | undefined): boolean =>
  update?.offer !== undefined && !update.offer.tonight && update.offer.problem?.code !== 'update.given_up';

/** What became of the last update. */
export const newsWords = (news: NonNullable<UpdateNotice['news']>, now: number): string =>
  news.what === 'installed'
    ? t('update.installed', { when: whenWords(news.at, now) })
    : t('update.went_back', { when: pointWords(news.at, now), version: news.version });

/** The sentence, and what else is worth a line: that one was installed, and what the next one brings. */
export const updateLines = (
  { state, version, offered, window, percent, updatedAt }: UpdatesView,
  now: number,
  language: Language,
): { readonly sentence: string; readonly more: readonly string[] } => {
  const values = { version, offered: offered?.version ?? version, begin: window.from, end: window.to };
  const brings = offered && bringsOf(offered.words, language);
  const when = updatedAt === undefined ? null : whenWords(updatedAt, now);
  return {
    sentence:
      state === 'waiting' && offered?.urgent === true
        ? t('health.updates.waiting_urgent', values)
        : t(`health.updates.${state}`, values),
    more: [
      ...(when === null ? [] : [t('health.updates.updated', { version, when })]),
      ...(percent === undefined || state !== 'downloading'
        ? []
        : [t('health.updates.percent', { percent: percentWords(percent) })]),
      ...(brings === undefined || state === 'problem' ? [] : [t('health.updates.brings', { words: brings })]),
    ],
  };
};
