/** The words that the page begins with. */
import { languages, type Language } from '#shared/models/language.ts';
import { firstLanguage } from '../state/speaking.svelte.ts';
import { loadDictionary } from './dictionaries.ts';

/** The language whose words have come: the one that the page begins in, or the first of the others that can be had. */
export const firstWords = async (): Promise<Language> => {
  const first = firstLanguage();
  for (const language of [first, ...languages.filter((one) => one !== first)]) {
    try {
      await loadDictionary(language);
      return language;
    } catch {
      // The next one; that this one is missing is told where it is wanted.
    }
  }
  throw new Error('The page has no words');
};
