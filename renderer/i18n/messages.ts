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

interface Rules {
  readonly numbers: Intl.NumberFormat;
  readonly plurals: Intl.PluralRules;
}

const putTogether = ({ numbers, plurals }: Rules, message: Pieces): Say => {
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
        const chosen = branch(piece.of, exactly in piece.of ? exactly : plurals.select(about));
        return say(chosen, values, about);
      })
      .join('');
  return (values) => say(message, values, 0);
};

interface Known {
  readonly rules: Rules;
  readonly ready: Map<Message, Say>;
}

/** Of a locale what its messages share, and those that were said: to make either anew for each word that is shown costs more than to find it. */
const known = new Map<string, Known>();

const knownOf = (locale: string): Known => {
  const before = known.get(locale);
  if (before) return before;
  const rules = { numbers: new Intl.NumberFormat(locale), plurals: new Intl.PluralRules(locale) };
  const made = { rules, ready: new Map<Message, Say>() };
  known.set(locale, made);
  return made;
};

/** How to say this message. Saying it throws where a parameter that it uses is missing. */
export const messageOf = (locale: string, message: Message): Say => {
  const { rules, ready } = knownOf(locale);
  const before = ready.get(message);
  if (before) return before;
  const say = typeof message === 'string' ? joined(message) : putTogether(rules, message);
  ready.set(message, say);
  return say;
};
