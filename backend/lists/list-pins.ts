/** The PINs of a list, before anything is held for it: to hash one takes a third of a second of one thread. */
import type { Line, ReadList } from '#shared/lists/columns.ts';
import { refused, taken, type Taken } from '#shared/lists/faults.ts';
import { takeText } from '#shared/lists/take.ts';
import type { PersonRow } from '../admin/person-details.ts';
import type { PinHasher } from '../admin/pin-hash.ts';
import { isLike, weaknessOf } from '../admin/weak-pin.ts';
import type { PinAtRest } from '../keys/pins-at-rest.ts';
import type { Meant, Mismatch } from './match-people.ts';
import { takenAway, type PeopleColumn } from './people-columns.ts';

/** In one list: they take half a minute of one thread, of people who have one a minute; two threads share it. */
export const mostPins = 100;
/** Of all lists together: files and names need a thread, too. */
export const hashedAtOnce = 2;

/** As it is kept, as JSON text; null where it is not kept, and not compared with the one that they have. */
export interface KeptPin {
  readonly kept: string | null;
  /** They have none any more. */
  readonly isGone?: true;
}
/** Of a line that has one at least. */
export interface LinePins {
  readonly pin?: Taken<KeptPin>;
  readonly duressPin?: Taken<KeptPin>;
}
export type ListPins = ReadonlyMap<number, LinePins>;

const pinColumns = ['pin', 'duressPin'] as const satisfies readonly PeopleColumn[];
type PinColumn = (typeof pinColumns)[number];

const isGiven = (line: Line<PeopleColumn>, column: PinColumn): boolean => {
  const text = takeText(line.cell(column));
  return !text.ok || text.value !== '';
};
export const countPins = (list: ReadList<PeopleColumn>): number =>
  list.lines.flatMap((line) => pinColumns.filter((column) => isGiven(line, column))).length;

const untoldPin = (pin: Taken<KeptPin> | undefined): Taken<KeptPin> | undefined =>
  pin?.ok && !pin.value.isGone ? taken({ kept: null }) : pin;
/** As if none had been compared: whether a PIN is theirs is told of no list that sets none. */
export const untold = (pins: ListPins): ListPins =>
  new Map(
    [...pins].map(([line, { pin, duressPin }]) => {
      const [one, other] = [untoldPin(pin), untoldPin(duressPin)];
      return [line, { ...(one && { pin: one }), ...(other && { duressPin: other }) }];
    }),
  );

export interface ListPinRules {
  readonly hasher: PinHasher;
  readonly shortest: number;
  readonly thisYear: number;
  /** Whether the store's people may have a second PIN, for when they are forced. */
  readonly duress: boolean;
  /** None is hashed, nor compared with theirs. */
  readonly dryRun: boolean;
}

/**
 * By line. Words say nothing of the PINs themselves, nor whether they are theirs. That the two are no slip of the finger apart is told by
 * both: a duress PIN comes with the PIN, and of somebody who has one the PIN comes with it.
 */
export const judgePins = async (
  list: ReadList<PeopleColumn>,
  meant: (line: Line<PeopleColumn>) => Meant | Mismatch,
  { hasher, shortest, thisYear, duress, dryRun }: ListPinRules,
): Promise<ListPins> => {
  const textOf = (line: Line<PeopleColumn>, column: PinColumn): Taken<string> | undefined => {
    const text = takeText(line.cell(column));
    if (!text.ok) return refused('not_taken', 'is no PIN. Format the column as text');
    if (text.value === '' || (column === 'duressPin' && text.value === takenAway)) return undefined;
    if (!/^\d{4,8}$/.test(text.value))
      return refused(
        'not_taken',
        'is no PIN: it has 4 to 8 digits. One that began with zeros may have lost them',
      );
    // Also of one that is theirs already: a refusal would tell that it is not.
    const weakness = weaknessOf(text.value, shortest, thisYear);
    return weakness === null ? text : refused('not_taken', `is too easily guessed: it is ${weakness}`);
  };
  const keep = async (text: Taken<string>, held: PinAtRest | null | undefined): Promise<Taken<KeptPin>> => {
    if (!text.ok) return text;
    if (dryRun) return taken({ kept: null });
    // Hashed also where it is theirs: else the time would tell it of a list that is refused only once all were hashed.
    const [hash, isTheirs] = await Promise.all([
      hasher.hash(text.value),
      held ? hasher.matches(text.value, held) : false,
    ]);
    return taken({ kept: JSON.stringify(isTheirs ? held : hash) });
  };
  const pairFault = (
    pin: Taken<string> | undefined,
    other: Taken<string> | undefined,
    person: PersonRow | null,
    isGone: boolean,
  ): LinePins | null => {
    if (other && !duress)
      return {
        duressPin: refused('not_taken', 'is not for this store: its policy has no duress PINs'),
      };
    if (other && !pin)
      return { pin: refused('missing', 'is needed beside a duress PIN: the two are judged together') };
    if (pin && !other && !isGone && person?.duress_pin)
      return {
        duressPin: refused('missing', 'is needed beside a PIN for who has one; a dash takes it away'),
      };
    return pin?.ok && other?.ok && isLike(pin.value, other.value)
      ? { duressPin: refused('not_taken', 'is too like the PIN beside it') }
      : null;
  };
  const judge = async (line: Line<PeopleColumn>, person: PersonRow | null): Promise<LinePins> => {
    const [pin, other] = [textOf(line, 'pin'), textOf(line, 'duressPin')];
    const isGone = isGiven(line, 'duressPin') && other === undefined;
    const wrong = pairFault(pin, other, person, isGone);
    if (wrong || pin?.ok === false || other?.ok === false)
      return {
        ...(pin?.ok === false && { pin }),
        ...(other?.ok === false && { duressPin: other }),
        ...wrong,
      };
    const [kept, keptOther] = await Promise.all([
      pin && keep(pin, person?.pin),
      other && keep(other, person?.duress_pin),
    ]);
    return {
      ...(kept && { pin: kept }),
      ...(keptOther && { duressPin: keptOther }),
      ...(isGone && { duressPin: taken({ kept: null, isGone: true as const }) }),
    };
  };
  const judged = list.lines.flatMap((line): Promise<[number, LinePins]>[] => {
    if (!pinColumns.some((column) => isGiven(line, column))) return [];
    const whose = meant(line);
    if (!('person' in whose)) return [];
    return [judge(line, whose.person).then((pins) => [line.line, pins])];
  });
  // How many of them are hashed beside each other is the hasher's to say.
  return new Map(await Promise.all(judged));
};
