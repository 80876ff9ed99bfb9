/** The words of all languages at once, as they are written. */
import { locales, type Language } from '#shared/models/language.ts';
import type { MessageKey } from '../../renderer/i18n/dictionaries.ts';
import de from '../../renderer/i18n/de.json' with { type: 'json' };
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import es from '../../renderer/i18n/es.json' with { type: 'json' };
import fr from '../../renderer/i18n/fr.json' with { type: 'json' };

interface Written {
  readonly locale: string;
  readonly words: Readonly<Record<MessageKey, string>>;
}
export const dictionaries: Readonly<Record<Language, Written>> = {
  en: { locale: locales.en, words: en },
  fr: { locale: locales.fr, words: fr },
  de: { locale: locales.de, words: de },
  es: { locale: locales.es, words: es },
};
