/** What a list of people comes to in a store as it is now. Nothing is changed here. */
import { cellFault, type CellFault } from '#shared/lists/faults.ts';
import { shownCell } from '#shared/lists/cells.ts';
import type { FaultAt, Line, ReadList } from '#shared/lists/columns.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import { detailsOf, isSameDetails, unsound, type Details, type PersonRow } from '../admin/person-details.ts';
import { isSamePin } from '../admin/new-pins.ts';
import { assignedWords } from '../people/assigned.ts';
import type { KeptPin, ListPins } from './list-pins.ts';
import { createMatch } from './match-people.ts';
import type { PeopleColumn } from './people-columns.ts';
import { saidOfPerson } from './person-line.ts';
import { faultAt } from './report.ts';

export interface PersonWish {
  readonly line: number;
  /** Null: somebody new. */
  readonly held: PersonRow | null;
  readonly name: string;
  readonly details: Details;
  /** As it is kept; null: the one that they have, or none. */
  readonly pin: string | null;
  /** Left out: it stays as it is; null: they have none. */
  readonly duressPin?: string | null;
  readonly isPinned: boolean;
  readonly fields: readonly string[];
}

export interface PeoplePlan {
  /** Those that change something. */
  readonly wishes: readonly PersonWish[];
  readonly faults: readonly FaultAt[];
  readonly unchanged: number;
  readonly met: number;
}

const fieldsOf = {
  employee_number: 'employeeNumber',
  roles: 'roles',
  valid_from: 'from',
  valid_until: 'until',
  language: 'language',
} as const;
const changedFields = (details: Details, held: Details | null): string[] =>
  (Object.keys(fieldsOf) as (keyof Details)[])
    .filter((key) => JSON.stringify(details[key]) !== JSON.stringify(held?.[key] ?? null))
    .map((key) => fieldsOf[key]);

/** Of a PIN that was judged without another beside it. */
const meanwhileWords = 'can’t be judged: their duress PIN was changed meanwhile. Send the list again';
const isSecret = (column: PeopleColumn): boolean => column === 'pin' || column === 'duressPin';
/** Than the one that they have, as far as that was compared. */
const isOther = ({ kept, isGone }: KeptPin, held: PersonRow['duress_pin'] | undefined): boolean => {
  if (isGone) return (held ?? null) !== null;
  return kept === null || kept !== JSON.stringify(held);
};

export const planPeople = (
  list: ReadList<PeopleColumn>,
  store: {
    readonly held: readonly PersonRow[];
    /** As they were when the list was begun to be read. */
    readonly before: readonly PersonRow[];
    /** The ids of those of them who are assigned, also where their rows here are not made from that yet. */
    readonly assigned: ReadonlySet<string>;
    readonly rights: StoreRights | null;
  },
  pins: ListPins,
): PeoplePlan => {
  const faults: FaultAt[] = [...list.faults];
  const wishes: PersonWish[] = [];
  const met = new Set<string>();
  const lineOf = new Map<string, number>();
  let unchanged = 0;
  const match = createMatch(list, store.held);
  const matchBefore = createMatch(list, store.before);

  const refuse = (line: Line<PeopleColumn>, column: PeopleColumn, fault: CellFault): void => {
    const cell = line.cell(column);
    const given = cell === undefined || isSecret(column) ? null : shownCell(cell);
    faults.push(faultAt(line.line, list.header(column), given, fault));
  };

  const plan = (line: Line<PeopleColumn>): void => {
    const meant = match(line);
    if (!('person' in meant)) {
      if (!meant.taken.ok) refuse(line, meant.column, meant.taken.fault);
      return;
    }
    const { person: held, employeeNumber } = meant;
    const matched = matchBefore(line);
    const was = 'person' in matched ? matched.person : null;
    if (!held && was) {
      refuse(line, 'employeeNumber', cellFault('not_here', 'is of somebody who was removed meanwhile'));
      return;
    }
    if (held) met.add(held.staff_id);
    for (const key of [held?.staff_id, employeeNumber].filter((each) => each !== undefined && each !== '')) {
      const before = lineOf.get(key ?? '');
      if (before !== undefined) {
        refuse(
          line,
          held && key === held.staff_id && employeeNumber === '' ? 'id' : 'employeeNumber',
          cellFault('twice', `stands in line ${before} already`),
        );
        return;
      }
    }
    if (held) lineOf.set(held.staff_id, line.line);
    if (employeeNumber !== '') lineOf.set(employeeNumber, line.line);

    const { said, faults: wrong } = saidOfPerson(line, held);
    const { pin, duressPin } = pins.get(line.line) ?? {};
    const name = said.name ?? held?.name;
    for (const { column, taken } of wrong) if (!taken.ok) refuse(line, column, taken.fault);
    if (pin && !pin.ok) refuse(line, 'pin', pin.fault);
    if (duressPin && !duressPin.ok) refuse(line, 'duressPin', duressPin.fault);
    const isOutdated = pin?.ok === true && !duressPin && !isSamePin(was?.duress_pin, held?.duress_pin);
    if (isOutdated) refuse(line, 'pin', cellFault('not_taken', meanwhileWords));
    if (name === undefined && !wrong.some(({ column }) => column === 'name'))
      refuse(line, 'name', cellFault('missing', 'is needed for somebody new'));
    if (wrong.length > 0 || pin?.ok === false || duressPin?.ok === false || name === undefined) return;
    if (isOutdated) return;

    const before = held && detailsOf({}, held);
    const details = detailsOf(said, held ?? undefined);
    const kept = pin?.ok ? pin.value.kept : null;
    const isPinned = pin !== undefined;
    const isNewPin = isPinned && isOther(pin.value, held?.pin);
    const isNewDuress = duressPin !== undefined && isOther(duressPin.value, held?.duress_pin);
    const fields = [
      ...(name === held?.name ? [] : ['name']),
      ...changedFields(details, before),
      ...(isNewPin ? ['pin'] : []),
      ...(isNewDuress ? ['duressPin'] : []),
    ];
    if (held && fields.length === 0) {
      unchanged += 1;
      return;
    }
    const problem = before && isSameDetails(before, details) ? null : unsound(details, store.rights);
    if (problem) {
      const [path = '', says = ''] = Object.values(problem.error.params).map(String);
      const column = (['roles', 'from', 'until'] as const).find((each) => path.startsWith(each)) ?? 'roles';
      refuse(line, column, cellFault('not_taken', says));
      return;
    }
    if (held && (held.person_revision !== null || store.assigned.has(held.staff_id))) {
      refuse(line, employeeNumber === '' ? 'id' : 'employeeNumber', cellFault('not_taken', assignedWords));
      return;
    }
    const given = isNewDuress ? { duressPin: duressPin.value.kept } : {};
    wishes.push({ line: line.line, held, name, details, pin: kept, ...given, isPinned, fields });
  };
  for (const line of list.lines) plan(line);
  return { wishes, faults, unchanged, met: met.size };
};
