/**
 * Two languages that nobody speaks, in place of two that the page does: one longer than any of them and full of marks, one that is read
 * from the right. What is cut, or points to the wrong side, shows before a translation does it. They exist in the page of these
 * tests alone.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Page } from 'playwright-core';
import type { Plugin } from 'vite';
import { locales, type Language } from '#shared/models/language.ts';
import { readMessage } from '../../build/packaging/read-messages.ts';
import en from '../../renderer/i18n/en.json' with { type: 'json' };
import type { Message } from '../../renderer/i18n/messages.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** What the parts of a parsed message are; the others need no name here. */
const kinds: Readonly<Record<number, string>> = { 0: 'literal', 2: 'number', 6: 'plural' };

/** Which languages of the page they take the places of. */
export const pseudoLanguages = { long: 'fr', fromTheRight: 'es' } as const satisfies Record<string, Language>;

const marks: Readonly<Record<string, string>> = {
  a: 'áà',
  e: 'éê',
  i: 'îï',
  o: 'ôö',
  u: 'ûü',
  y: 'ÿ',
  c: 'ç',
  n: 'ñ',
};

/** Each vowel twice: two fifths longer, and no word has become two. */
const longer = (text: string): string => text.replace(/[aeiouycn]/g, (letter) => marks[letter] ?? letter);

const alphabet = 'אבגדהוזחטיכלמנסעפצקרשתןםךף';
const mirrored = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => alphabet[letter.toLowerCase().charCodeAt(0) - 97] ?? letter);

/** The message again, with every piece of plain text changed. */
const print = (elements: readonly Element[], change: (text: string) => string): string =>
  elements
    .map((one) => {
      if ('options' in one) {
        const branches = Object.entries(one.options).map(
          ([name, { value }]) => `${name} {${print(value, change)}}`,
        );
        return `{${one.value}, ${kinds[one.type] === 'plural' ? 'plural' : 'select'}, ${branches.join(' ')}}`;
      }
      if (!('value' in one)) return '#';
      if (kinds[one.type] === 'literal') return change(one.value);
      return kinds[one.type] === 'number' ? `{${one.value}, number}` : `{${one.value}}`;
    })
    .join('');

const wordsIn = (change: (text: string) => string): Readonly<Record<string, Message>> =>
  Object.fromEntries(
    Object.entries(en).map(([key, message]) => [
      key,
      readMessage(print(new IntlMessageFormat(message, 'en').getAst(), change)),
    ]),
  );

const dictionary = (locale: string, direction: 'ltr' | 'rtl', words: object) => ({
  locale,
  direction,
  words,
});
const pseudo = (): Readonly<Partial<Record<Language, object>>> => ({
  [pseudoLanguages.long]: dictionary(locales.fr, 'ltr', wordsIn(longer)),
  [pseudoLanguages.fromTheRight]: dictionary('he-IL', 'rtl', wordsIn(mirrored)),
});

const own = 'export const dictionaryOf =';
const flag = 'globalThis.speaksPseudoLanguages';

/** For `buildPage`: they are spoken once `speakPseudoLanguages` was called, and the language is changed to one of them. */
export const withPseudoLanguages: Plugin = {
  name: 'pseudo-languages',
  enforce: 'pre',
  transform: (code, id) => {
    if (!id.endsWith('/renderer/i18n/dictionaries.ts')) return null;
    if (!code.includes(own)) throw new Error('the page has its words in another way');
    return `${code.replace(own, 'const realOf =')}
      const pseudo = ${JSON.stringify(pseudo())};
      export const dictionaryOf = (one) => (${flag} ? pseudo[one] : undefined) ?? realOf(one);`;
  },
};

/** From the next change of the language on, the page speaks them in place of the two that it does. */
export const speakPseudoLanguages = async (page: Page): Promise<void> => {
  await page.evaluate(`${flag} = true`);
};
