import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { dictionaries } from '#support/dictionaries.ts';
import { readMessage } from '../../build/packaging/read-messages.ts';
import { messageOf } from './messages.ts';
import { readAhead } from './translate.ts';

const isNumber =
  /^(count|open(ed)?|left|minutes|waiting|received|total|rest|days|few|never|changed|done|refused|more|sequence|broken|seconds|attemptsLeft|mebibytes)$/;
/** For each name that any message has; some would be another text if they were read as part of it. */
const valuesOf = (count: number): Record<string, string | number> =>
  new Proxy<Record<string, string | number>>(
    {},
    {
      get: (_, name) => (isNumber.test(String(name)) ? count : `{${String(name)}} d’or`),
      has: () => true,
    },
  );

test('a message of words and names says what ICU makes of it, in every language', () => {
  for (const { locale, words } of Object.values(dictionaries)) {
    for (const message of Object.values(words)) {
      const format = new IntlMessageFormat(message, locale);
      const said = messageOf(locale, readMessage(message));
      for (const count of [0, 1, 2, 3, 1_000_000])
        expect({ message, said: said(valuesOf(count)) }).toEqual({
          message,
          said: format.format(valuesOf(count)),
        });
    }
  }
});

test.each(["it''s {name}", "'{'{name}", '{count, plural, one {# lock} other {# locks}}', '<b>{name}'])(
  'what is more than that is ICU’s: %s',
  (message) => {
    const outcome = (say: () => unknown): unknown => {
      try {
        return say();
      } catch {
        return 'refused';
      }
    };
    expect(outcome(() => messageOf('en-GB', readMessage(message))({ name: 'Ana', count: 1 }))).toBe(
      outcome(() => new IntlMessageFormat(message, 'en-GB').format({ name: 'Ana', count: 1 })),
    );
  },
);

test('a parameter that is missing is an error, whatever the message is', () => {
  expect(() => messageOf('en-GB', 'From {name}')({})).toThrow('name');
  expect(() => messageOf('en-GB', readMessage('{count, plural, other {#}}'))({})).toThrow('count');
});

test('what is read ahead is all messages of a language that are more than their words, one at each step', () => {
  const steps = [...readAhead('fr')].length;
  expect(steps).toBe(Object.values(dictionaries.fr.words).filter((words) => words.includes('{')).length);
});
