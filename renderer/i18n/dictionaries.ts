/** The words of each language, all of them in the page: the kiosk has them offline, and another language is there at once. */
import { locales, type Language } from '#shared/models/language.ts';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };

export type MessageKey = keyof typeof en;

export interface Dictionary {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: Readonly<Record<MessageKey, string>>;
}

export const dictionaries: Readonly<Record<Language, Dictionary>> = {
  en: { locale: locales.en, direction: 'ltr', words: en },
  fr: { locale: locales.fr, direction: 'ltr', words: fr },
  de: { locale: locales.de, direction: 'ltr', words: de },
  es: { locale: locales.es, direction: 'ltr', words: es },
};
