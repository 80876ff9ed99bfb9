/** Names on a screen that faces the shop, and finding oneself among many of them with a finger. */

import { byName } from '../i18n/translate.ts';

/** From so many people on they are looked for by letter. */
export const manyPeople = 12;

/** First letters of all words of the names, each once, in order; marks are left off, because a finger looks for "E" in "Élodie". */
export const lettersOf = (names: readonly string[]): readonly string[] =>
  [...new Set(names.flatMap((name) => name.trim().split(/\s+/u).map(letterOf)))]
    .filter((one) => one !== '')
    .sort(byName);

export const startsWith = (name: string, letter: string): boolean =>
  name
    .trim()
    .split(/\s+/u)
    .some((word) => letterOf(word) === letter);

/** Whole characters, whatever they are made of. */
const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });
const charactersOf = (text: string): readonly string[] =>
  [...characters.segment(text)].map(({ segment }) => segment);

/** Two letters that stand for somebody, the same on every screen: of the first word of their name and of the last. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/u);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => charactersOf(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase();
};

const letterOf = (word: string): string => (word.normalize('NFD')[0] ?? '').toUpperCase();

/**
 * Who may sign in, as passers-by may read it: the first name and the initial of the surname, "Maya L.", and as many more letters of it as
 * tell two people apart. A last word that begins small is no surname: "Front counter" stays.
 */
export const shortNames = (names: readonly string[]): ReadonlyMap<string, string> => {
  const people = [...new Set(names)];
  const cut = (name: string, letters: number): string => {
    const words = name.trim().split(/\s+/u);
    const [first = ''] = words;
    const last = words.length > 1 ? (words.at(-1) ?? '') : '';
    if (last === '') return first;
    if (/^\p{Ll}/u.test(last)) return words.join(' ');
    const initials = charactersOf(last);
    return initials.length <= letters
      ? `${first} ${last}`
      : `${first} ${initials.slice(0, letters).join('')}.`;
  };
  const read = (text: string): string => text.replace(/\.$/u, '');
  const shorten = (name: string): string => {
    const longest = charactersOf(name).length;
    for (let letters = 1; letters < longest; letters += 1) {
      const own = cut(name, letters);
      if (!people.some((other) => other !== name && read(cut(other, letters)) === read(own))) return own;
    }
    return name;
  };
  return new Map(people.map((name) => [name, shorten(name)]));
};

export interface ShownName {
  readonly short: string;
  /** What tells them from others who are called the same: their employee number, where they have one. Empty where nobody is. */
  readonly number: string;
}

/** In a sentence: "Maya L.", or "Maya L. (1042)". */
export const calledWords = ({ short, number }: ShownName): string =>
  number === '' ? short : `${short} (${number})`;

/** How each person is called where passers-by read it, by their id. */
export const shownNames = (
  people: readonly { staffId: string; name: string; employeeNumber?: string | null | undefined }[],
): ReadonlyMap<string, ShownName> => {
  const short = shortNames(people.map(({ name }) => name));
  const called = (name: string): string => short.get(name) ?? name;
  const times = new Map<string, number>();
  for (const { name } of people) times.set(called(name), (times.get(called(name)) ?? 0) + 1);
  return new Map(
    people.map(({ staffId, name, employeeNumber }) => [
      staffId,
      { short: called(name), number: times.get(called(name)) === 1 ? '' : (employeeNumber ?? '') },
    ]),
  );
};

/** Two people who did something together: by first names, where those tell them apart. */
export const pairOf = (one: string, other: string): { readonly one: string; readonly other: string } => {
  const first = (name: string): string => name.trim().split(/\s+/u)[0] ?? name;
  return first(one) === first(other) ? { one, other } : { one: first(one), other: first(other) };
};
