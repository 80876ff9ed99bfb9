/** The page's words. Keys and their types come from the message file; the words themselves are ICU messages. */
import { IntlMessageFormat } from 'intl-messageformat';
import en from './en.json' with { type: 'json' };

export type MessageKey = keyof typeof en;
export type MessageParams = Readonly<Record<string, string | number>>;

/** Words are English; dates and numbers follow the form that stores with 24-hour clocks expect. */
export const formatLocale = 'en-GB';

const compiled = new Map<MessageKey, IntlMessageFormat>();

const compile = (key: MessageKey): IntlMessageFormat => {
  const known = compiled.get(key);
  if (known) return known;
  const format = new IntlMessageFormat(en[key], formatLocale);
  compiled.set(key, format);
  return format;
};

/** The message in the page's language. Throws when a parameter that the message uses is missing. */
export const t = (key: MessageKey, params?: MessageParams): string =>
  en[key].includes('{') ? String(compile(key).format(params)) : en[key];
