/** The words of all languages at once, as the page has them once all of its parts have come. */
import { languages, type Language } from '#shared/models/language.ts';
import { dictionaryOf, loadDictionary, type Dictionary } from '../../renderer/i18n/dictionaries.ts';

await Promise.all(languages.map(loadDictionary));

const [en, fr, de, es] = [dictionaryOf('en'), dictionaryOf('fr'), dictionaryOf('de'), dictionaryOf('es')];
export const dictionaries: Readonly<Record<Language, Dictionary>> = { en, fr, de, es };
