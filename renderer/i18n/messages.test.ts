import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { dictionaries } from '#support/dictionaries.ts';
import { messageOf } from './messages.ts';
import { readAhead } from './translate.ts';

/** For each name that any message has; some would be another text if they were read as part of it. */
const values = new Proxy<Record<string, string | number>>(
  {},
  {
    get: (_, name) =>
      /count|minutes|[Dd]ays|hours|left|opened/.test(String(name)) ? 3 : `{${String(name)}} d’or`,
    has: () => true,
  },
);

test('a message of words and names says what ICU makes of it, in every language', () => {
  for (const { locale, words } of Object.values(dictionaries)) {
    for (const message of Object.values(words)) {
      const format = new IntlMessageFormat(message, locale);
      const said = messageOf(locale, message);
      expect({ message, said: said(values) }).toEqual({ message, said: format.format(values) });
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
    expect(outcome(() => messageOf('en-GB', message)({ name: 'Ana', count: 1 }))).toBe(
      outcome(() => new IntlMessageFormat(message, 'en-GB').format({ name: 'Ana', count: 1 })),
    );
  },
);

test('a parameter that is missing is an error, whatever the message is', () => {
  expect(() => messageOf('en-GB', 'From {name}')({})).toThrow('name');
  expect(() => messageOf('en-GB', '{count, plural, other {#}}')({})).toThrow('count');
});

test('what is read ahead is all messages of a language that are more than their words, one at each step', () => {
  const steps = [...readAhead('fr')].length;
  expect(steps).toBe(Object.values(dictionaries.fr.words).filter((words) => words.includes('{')).length);
});
