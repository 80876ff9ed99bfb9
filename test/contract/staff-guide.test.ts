/** The staff guide says the words that stand on the screen, in each language, and shows pictures that there are. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { languages, type Language } from '#shared/models/language.ts';
import { pictureNames } from '../e2e/screens-pictures.ts';

const guideOf = (language: Language): Promise<string> =>
  readFile(`docs/staff-guide${language === 'en' ? '' : `.${language}`}.md`, 'utf8');
const inLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, one = '']) => one);
/** What stands on tiles as a sign. */
const signs = ['?', '2'];

test.each(languages)('the guide in %s says the words of the page', async (language) => {
  const words = JSON.parse(await readFile(`renderer/i18n/${language}.json`, 'utf8')) as Record<
    string,
    string
  >;
  const known = new Set([...Object.values(words).map(inLine), ...signs]);
  const said = all(inLine(await guideOf(language)), /\*\*(.+?)\*\*/g);
  expect(said.length).toBeGreaterThan(12);
  expect(said.filter((word) => !known.has(word))).toEqual([]);
});

test.each(languages)(
  'the guide in %s has two pages, and the sections and pictures of the others',
  async (language) => {
    const text = await guideOf(language);
    const english = await guideOf('en');
    expect(all(text, /^(##) /gm)).toHaveLength(all(english, /^(##) /gm).length);
    const ending = language === 'en' ? '.png' : `.${language}.png`;
    const pictures = all(text, /\(screens\/(.+?)\)/g);
    expect(pictures).toEqual(all(english, /\(screens\/(.+?)\.png\)/g).map((name) => name + ending));
    expect(pictureNames()).toEqual(expect.arrayContaining(pictures));
    // With pictures, some 350 words fill a page.
    expect(text.split(/\s+/).length).toBeLessThan(700);
  },
);

test('there is a picture of every screen, and no other', async () => {
  const kept = (await readdir('docs/screens')).filter((name) => name.endsWith('.png'));
  expect(kept.sort()).toEqual(pictureNames().sort());
});
