/** The PINs of a list, before anything is held for it: to hash one takes a third of a second. */
import type { Line, ReadList } from '#shared/lists/columns.ts';
import { refused, taken, type Taken } from '#shared/lists/faults.ts';
import { takeText } from '#shared/lists/take.ts';
import type { PersonRow } from '../admin/person-details.ts';
import type { PinHasher } from '../admin/pin-hash.ts';
import { weaknessOf } from '../admin/weak-pin.ts';
import type { Meant, Mismatch } from './match-people.ts';
import type { PeopleColumn } from './people-columns.ts';

/** In one list: they take half a minute. */
export const mostPins = 100;

/** As it is kept, as JSON text; null where it is not kept, and not compared with the one that they have. */
export interface KeptPin {
  readonly kept: string | null;
}
export type ListPins = ReadonlyMap<number, Taken<KeptPin>>;

const isPinned = (line: Line<PeopleColumn>): boolean => {
  const text = takeText(line.cell('pin'));
  return !text.ok || text.value !== '';
};
export const countPins = (list: ReadList<PeopleColumn>): number => list.lines.filter(isPinned).length;

/** As if none had been compared: whether a PIN is theirs is told of no list that sets none. */
export const untold = (pins: ListPins): ListPins =>
  new Map([...pins].map(([line, pin]) => [line, pin.ok ? taken({ kept: null }) : pin]));

/** By line, of those that have one. Words say nothing of the PIN itself, nor whether it is theirs. */
export const judgePins = async (
  list: ReadList<PeopleColumn>,
  meant: (line: Line<PeopleColumn>) => Meant | Mismatch,
  rules: {
    readonly hasher: PinHasher;
    readonly shortest: number;
    readonly thisYear: number;
    readonly dryRun: boolean;
  },
): Promise<ListPins> => {
  const { hasher, shortest, thisYear, dryRun } = rules;
  const judge = async (pin: string, person: PersonRow | null): Promise<Taken<KeptPin>> => {
    if (!/^\d{4,8}$/.test(pin))
      return refused(
        'not_taken',
        'is no PIN: it has 4 to 8 digits. One that began with zeros may have lost them',
      );
    // Also of one that is theirs already: a refusal would tell that it is not.
    const weakness = weaknessOf(pin, shortest, thisYear);
    if (weakness !== null) return refused('not_taken', `is too easily guessed: it is ${weakness}`);
    if (dryRun) return taken({ kept: null });
    if (person && (await hasher.matches(pin, person.pin))) return taken({ kept: JSON.stringify(person.pin) });
    return taken({ kept: JSON.stringify(await hasher.hash(pin)) });
  };
  const pins = new Map<number, Taken<KeptPin>>();
  for (const line of list.lines) {
    if (!isPinned(line)) continue;
    const text = takeText(line.cell('pin'));
    const whose = meant(line);
    if (!text.ok) pins.set(line.line, refused('not_taken', 'is no PIN. Format the column as text'));
    else if ('person' in whose) pins.set(line.line, await judge(text.value, whose.person));
  }
  return pins;
};
