/**
 * How a message is said. ICU's notation is read by the build (`build/packaging/read-messages.ts`); here is what a message has become: the
 * text itself where it has names alone between its words, as most have, else the pieces that it is put together from.
 */

type Values = Readonly<Record<string, string | number>>;
type Say = (values: Values) => string;

type Branches = Readonly<Record<string, Pieces>>;
/** 0 is the number that a plural is about. */
type Piece =
  | string
  | 0
  | { readonly name: string }
  | { readonly number: string }
  | { readonly plural: string; readonly of: Branches }
  | { readonly select: string; readonly of: Branches };
export type Pieces = readonly Piece[];
export type Message = string | Pieces;

/** What ICU's quotes, tags and kinds can change is not among them. */
const namesAlone = /^(?:[^{}'<]|\{\w+\})*$/;

/** Whether it has names alone between its words. */
export const isJoined = (message: string): boolean => namesAlone.test(message);

const valueOf = (values: Values, name: string, message: Message): string | number => {
  const value = values[name];
  if (value === undefined) throw new Error(`The message has no ${name}: ${JSON.stringify(message)}`);
  return value;
};

const joined = (message: string): Say => {
  if (!isJoined(message)) throw new Error(`The message was not read: ${message}`);
  const pieces = message.split(/[{}]/);
  return (values) =>
    pieces.map((piece, at) => (at % 2 === 0 ? piece : String(valueOf(values, piece, message)))).join('');
};

const putTogether = (locale: string, message: Pieces): Say => {
  const numbers = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  const branch = (of: Branches, name: string): Pieces =>
    (Object.hasOwn(of, name) ? of[name] : of.other) ?? [];
  const say = (pieces: Pieces, values: Values, count: number): string =>
    pieces
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        if (piece === 0) return numbers.format(count);
        if ('name' in piece) return String(valueOf(values, piece.name, message));
        if ('number' in piece) return numbers.format(Number(valueOf(values, piece.number, message)));
        if ('select' in piece) {
          const chosen = branch(piece.of, String(valueOf(values, piece.select, message)));
          return say(chosen, values, count);
        }
        const about = Number(valueOf(values, piece.plural, message));
        const exactly = `=${about}`;
        const chosen = branch(piece.of, exactly in piece.of ? exactly : rules.select(about));
        return say(chosen, values, about);
      })
      .join('');
  return (values) => say(message, values, 0);
};

/** By locale and message: to put the two together for each word that is shown costs more than to find it. */
const ready = new Map<string, Map<Message, Say>>();

/** How to say this message. Saying it throws where a parameter that it uses is missing. */
export const messageOf = (locale: string, message: Message): Say => {
  const ofLocale = ready.get(locale) ?? new Map<Message, Say>();
  ready.set(locale, ofLocale);
  const known = ofLocale.get(message);
  if (known) return known;
  const say = typeof message === 'string' ? joined(message) : putTogether(locale, message);
  ofLocale.set(message, say);
  return say;
};
