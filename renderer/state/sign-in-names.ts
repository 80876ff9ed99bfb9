/** Finding oneself among many names with a finger. */

/** From so many people on they are looked for by letter. */
export const manyPeople = 12;

/** First letters of all words of the names, each once, in order; marks are left off, because a finger looks for "E" in "Élodie". */
export const lettersOf = (names: readonly string[]): readonly string[] =>
  [...new Set(names.flatMap((name) => name.trim().split(/\s+/u).map(letterOf)))]
    .filter((one) => one !== '')
    .sort();

export const startsWith = (name: string, letter: string): boolean =>
  name
    .trim()
    .split(/\s+/u)
    .some((word) => letterOf(word) === letter);

const letterOf = (word: string): string => (word.normalize('NFD')[0] ?? '').toUpperCase();
