/**
 * The words of each language, a file each: the page begins with those that it speaks first, and has the others a moment later, so that
 * the kiosk has them offline and another language is there at once.
 */
import { locales, type Language } from '#shared/models/language.ts';
import type { Message } from './messages.ts';

const inEnglish = () => import('./en.json', { with: { type: 'json' } });
export type MessageKey = keyof Awaited<ReturnType<typeof inEnglish>>['default'];

export interface Dictionary {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: Readonly<Record<MessageKey, Message>>;
}

const files: Readonly<Record<Language, () => Promise<{ readonly default: Dictionary['words'] }>>> = {
  en: inEnglish,
  fr: () => import('./fr.json', { with: { type: 'json' } }),
  de: () => import('./de.json', { with: { type: 'json' } }),
  es: () => import('./es.json', { with: { type: 'json' } }),
};

/** What each language calls itself. */
export const ownNames: Readonly<Record<Language, string>> = {
  en: 'English',
  fr: 'Français',
  de: 'Deutsch',
  es: 'Español',
};

const loaded = new Map<Language, Dictionary>();

/** Brings the words of `language`, once. Rejects where their file cannot be had. */
export const loadDictionary = async (language: Language): Promise<void> => {
  if (loaded.has(language)) return;
  const { default: words } = await files[language]();
  loaded.set(language, { locale: locales[language], direction: 'ltr', words });
};

/** Whether it can be spoken now. */
export const hasDictionary = (language: Language): boolean => loaded.has(language);

/** Throws where its words were not loaded before. */
export const dictionaryOf = (language: Language): Dictionary => {
  const dictionary = loaded.get(language);
  if (!dictionary) throw new Error(`The words of ${language} are not loaded`);
  return dictionary;
};
