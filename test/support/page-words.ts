/** Before each test file of the page: its words are there, in all languages, as they are before the page shows anything. */
import { expect } from 'vitest';
import { languages } from '#shared/models/language.ts';

if (expect.getState().testPath?.includes('/renderer/')) {
  const { loadDictionary } = await import('../../renderer/i18n/dictionaries.ts');
  await Promise.all(languages.map(loadDictionary));
}
