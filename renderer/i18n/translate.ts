/** The page's words. Keys and their types come from the English message file; the words themselves are ICU messages. */
import { compareNames, type Language } from '#shared/models/language.ts';
import { dictionaryOf, type MessageKey } from './dictionaries.ts';
import { messageOf, type Message } from './messages.ts';
import { twinOf, type Moment } from './moment.ts';

export type { MessageKey } from './dictionaries.ts';

export type MessageValues = Readonly<Record<string, string | number | Moment>>;
/** What is a moment in one message is one in all: a language that chooses its words by the kind of it finds the kind. */
export type MessageParams = MessageValues & {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly when?: Moment;
  readonly time?: Moment;
  readonly date?: Moment;
} & Readonly<{ [At in `${string}At`]?: Moment }>;

let spoken = (): Language => 'en';

/** Has `t`, and all that is formatted, follow `language`; where that reads a state of the page, what is shown follows it. */
export const speak = (language: () => Language): void => {
  spoken = language;
};

/** Whose form dates and numbers have: BCP 47. */
export const locale = (): string => dictionaryOf(spoken()).locale;
/** To which side it is read. */
export const direction = (): 'ltr' | 'rtl' => dictionaryOf(spoken()).direction;
/** Puts names in the order of the language in use. */
export const byName = (a: string, b: string): number => compareNames(spoken(), a, b);

type PlainValues = Readonly<Record<string, string | number>>;
const isPlain = (params: MessageValues): params is PlainValues => {
  for (const name in params) if (typeof params[name] === 'object') return false;
  return true;
};

const expand = (params: MessageValues): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, value]): [string, string | number][] =>
      typeof value === 'object'
        ? [
            [name, value.words],
            [twinOf(name), value.kind],
          ]
        : [[name, value]],
    ),
  );

/** "6 déc." at the end of a sentence: its full stop is the sentence's, too. */
const withOneStop = (said: string, params: MessageValues): string =>
  Object.values(params).reduce<string>(
    (text, value) =>
      typeof value === 'object' && value.words.endsWith('.')
        ? text.replaceAll(`${value.words}.`, value.words)
        : text,
    said,
  );

/** It is said as it is. */
const isPlainText = (message: Message): message is string =>
  typeof message === 'string' && !message.includes('{');

/** What a language needs before it says or orders anything, a little with each step: for moments in which nobody waits. */
export function* readAhead(language: Language): Generator<void, void> {
  compareNames(language, '', '');
  const { locale, words } = dictionaryOf(language);
  for (const message of Object.values(words)) {
    if (isPlainText(message)) continue;
    messageOf(locale, message);
    yield;
  }
}

/** As `t`, for parameters whose names are known at run time alone. */
export const say = (key: MessageKey, params: MessageValues): string => {
  const { locale, words } = dictionaryOf(spoken());
  const message = words[key];
  if (isPlainText(message)) return message;
  const saying = messageOf(locale, message);
  // Most have no moment in them, and are said as they are.
  return isPlain(params) ? saying(params) : withOneStop(saying(expand(params)), params);
};

/** The message in the language in use. Throws when a parameter that the message uses is missing. */
export const t = (key: MessageKey, params: MessageParams = {}): string => say(key, params);
