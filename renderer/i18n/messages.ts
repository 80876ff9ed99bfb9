/**
 * Messages read once and kept. One that has names alone between its words, as most have, is joined, which takes a tenth of what
 * formatting does; the others are ICU's.
 */
import { IntlMessageFormat, type Formatters } from 'intl-messageformat';

type Values = Readonly<Record<string, string | number>>;
type Say = (values: Values) => string;

const kept = <T>(make: (locale: string | undefined, options: object | undefined) => T) => {
  const made = new Map<string, T>();
  return (locales?: Intl.LocalesArgument, options?: object): T => {
    const key = JSON.stringify([locales, options]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const one = make(locales === undefined ? undefined : String(locales), options);
    made.set(key, one);
    return one;
  };
};

/** The library would make them for each message anew. */
const formatters: Formatters = {
  getNumberFormat: kept((locale, options) => new Intl.NumberFormat(locale, options)),
  getDateTimeFormat: kept((locale, options) => new Intl.DateTimeFormat(locale, options)),
  getPluralRules: kept((locale, options) => new Intl.PluralRules(locale, options)),
};

/** What ICU's quotes, tags and kinds can change is not among them. */
const namesAlone = /^(?:[^{}'<]|\{\w+\})*$/;

const joined = (message: string): Say => {
  const pieces = message.split(/[{}]/);
  return (values) =>
    pieces
      .map((piece, at) => {
        if (at % 2 === 0) return piece;
        const value = values[piece];
        if (value === undefined) throw new Error(`The message has no ${piece}: ${message}`);
        return String(value);
      })
      .join('');
};

const formatted = (locale: string, message: string): Say => {
  const format = new IntlMessageFormat(message, locale, undefined, { formatters });
  return (values) => String(format.format(values));
};

/** By locale and message: to put the two together for each word that is shown costs more than to find it. */
const read = new Map<string, Map<string, Say>>();

/** How to say this message. Saying it throws where a parameter that it uses is missing. */
export const messageOf = (locale: string, message: string): Say => {
  const ofLocale = read.get(locale) ?? new Map<string, Say>();
  read.set(locale, ofLocale);
  const known = ofLocale.get(message);
  if (known) return known;
  const say = namesAlone.test(message) ? joined(message) : formatted(locale, message);
  ofLocale.set(message, say);
  return say;
};
