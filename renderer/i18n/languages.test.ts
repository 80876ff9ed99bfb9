/** Every language says all that English says, of the same things, in its own grammar. */
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { languages } from '#shared/models/language.ts';
import { dictionaries } from '#support/dictionaries.ts';
import type { MessageKey } from './dictionaries.ts';
import { isMomentName, twinOf } from './moment.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** What the parts of a parsed message are; the others need no name here. */
const kinds: Readonly<Record<number, string>> = { 0: 'literal', 6: 'plural' };

/** What chooses among branches: a plural's name has its rule before it. */
interface Choice {
  readonly by: string;
  readonly branches: readonly string[];
}

const within = (element: Element): readonly Element[] => {
  const branches = 'options' in element ? Object.values(element.options).flatMap(({ value }) => value) : [];
  return [element, ...branches.flatMap(within)];
};
const elementsOf = (language: keyof typeof dictionaries, key: MessageKey): readonly Element[] => {
  const { locale, words } = dictionaries[language];
  return new IntlMessageFormat(words[key], locale).getAst().flatMap(within);
};
/** A literal's value is its text, and `#` has none. */
const namesIn = (elements: readonly Element[]): ReadonlySet<string> =>
  new Set(elements.flatMap((one) => (kinds[one.type] !== 'literal' && 'value' in one ? [one.value] : [])));
const choicesIn = (elements: readonly Element[]): readonly Choice[] =>
  elements.flatMap((one) =>
    'options' in one
      ? [
          {
            by: `${kinds[one.type] === 'plural' ? 'plural ' : ''}${one.value}`,
            branches: Object.keys(one.options),
          },
        ]
      : [],
  );

const keys = Object.keys(dictionaries.en.words) as MessageKey[];
const others = languages.filter((language) => language !== 'en');

describe.each(others)('the messages in %s', (language) => {
  const { locale, words } = dictionaries[language];

  it('are those of English, each once, in the same order', () => {
    expect(Object.keys(words)).toEqual(keys);
  });

  it('use what the English ones use, and of a point of time also its kind', () => {
    const strange = keys.flatMap((key) => {
      const english = namesIn(elementsOf('en', key));
      const twins = [...english].filter(isMomentName).map(twinOf);
      const known = new Set([...english, ...twins]);
      return [...namesIn(elementsOf(language, key))]
        .filter((name) => !known.has(name))
        .map((name) => `${key}: ${name}`);
    });
    expect(strange).toEqual([]);
  });

  it('leave nothing out that the English ones say', () => {
    const silent = keys.flatMap((key) => {
      const said = namesIn(elementsOf(language, key));
      return [...namesIn(elementsOf('en', key))]
        .filter((name) => !said.has(name))
        .map((name) => `${key}: ${name}`);
    });
    expect(silent).toEqual([]);
  });

  it('know the same reasons, and every plural of the language', () => {
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const wrong = keys.flatMap((key) => {
      const english = new Map<string, Set<string>>();
      for (const { by, branches } of choicesIn(elementsOf('en', key))) {
        english.set(by, new Set([...(english.get(by) ?? []), ...branches]));
      }
      return choicesIn(elementsOf(language, key)).flatMap(({ by, branches }) => {
        if (by.startsWith('plural ')) {
          return categories
            .filter((one) => !branches.includes(one))
            .map((one) => `${key}: ${by} has no ${one}`);
        }
        const known = english.get(by) ?? new Set(['time', 'weekday', 'date', 'other']);
        const strange = branches.filter((one) => !known.has(one)).map((one) => `${key}: ${by} has ${one}`);
        const missing = english.has(by)
          ? [...known].filter((one) => !branches.includes(one)).map((one) => `${key}: ${by} has no ${one}`)
          : [];
        return [...strange, ...missing];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('call the kiosk and the back office by one word each', () => {
    const other = { fr: /kiosque|centrale/i, de: /Kiosk/, es: /quiosco|kiosco|sede/i }[language];
    expect(keys.filter((key) => other.test(words[key]))).toEqual([]);
  });

  it('say nothing in typewriter’s marks', () => {
    expect(keys.filter((key) => /['"]/.test(words[key]))).toEqual([]);
  });
});

describe('French', () => {
  it('keeps ; : ! ? % and « » on the line of their words', () => {
    const { words } = dictionaries.fr;
    // What operators call by is as it is sent: "Content-Type: …".
    const loose = keys.filter(
      (key) =>
        !key.startsWith('error.operator.') &&
        /[ \u00a0][;:!?%»]|«[ \u00a0]|[^\s\u202f\d][;!?»]|\p{L}:(\s|$)|«[^\u202f]/u.test(words[key]),
    );
    expect(loose).toEqual([]);
  });
});

describe('Spanish', () => {
  it('opens its questions and exclamations', () => {
    const { words } = dictionaries.es;
    const unopened = keys.filter(
      (key) =>
        words[key].split('?').length !== words[key].split('¿').length ||
        words[key].split('!').length !== words[key].split('¡').length,
    );
    expect(unopened).toEqual([]);
  });
});

/** As in English: words that tell a person nothing, or beg. */
const empty = {
  fr: /\b(erreur|invalide|veuillez|s’il vous plaît|échoué|oups)\b/i,
  de: /\b(fehler|ungültig|bitte|fehlgeschlagen)\b/i,
  es: /\b(error|inválid[oa]s?|por favor)\b/i,
} as const;

it.each(Object.entries(empty))('%s avoids the words that tell a person nothing', (language, banned) => {
  const { words } = dictionaries[language as keyof typeof empty];
  expect(keys.filter((key) => banned.test(words[key]))).toEqual([]);
});
