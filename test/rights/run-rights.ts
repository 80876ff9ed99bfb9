/**
 * Seeds of made-up stores, people and times: what a kiosk judges and what the backend answers, each held against the reference.
 * A kiosk keeps what it has read while its clock goes on, jumps and is set back; a backend reads its row for each question.
 */
import { isDeepStrictEqual } from 'node:util';
import { decide, permissionsOf, readRights, whoMay, type Decision } from '#shared/rights/decide.ts';
import { permissions, type Permission } from '#shared/rights/model.ts';
import { chanceOf, type Chance } from './chance.ts';
import { makeOrganisation, type MadePerson, type Organisation } from './organisation.ts';
import { allows, isRefusal, judge, nextAllowed, wallOf, type Asked, type Wall } from './reference.ts';

interface Question {
  readonly person: MadePerson;
  readonly act: Permission;
  readonly group: string | null;
  readonly at: number;
}
/** Who decides of one store. */
export type Judge = (organisation: Organisation) => (question: Question) => Decision;

export const kiosk: Judge = ({ rights }) => {
  const kept = readRights(rights);
  return ({ person, act, group, at }) => decide(person, act, group, at, kept);
};

/** As a row of a database gives it back: the same in another order. */
const backwards = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, backwards(each)]),
  );
};
export const backend: Judge =
  ({ rights }) =>
  ({ person, act, group, at }) =>
    decide(person, act, group, at, readRights(backwards(rights)));

const minute = 60_000;
const byTime: readonly string[] = ['schedule', 'not_started', 'ended'];
/** What is stepped through by the minute; further on, times are picked. */
const stepped = 2 * 1440;
const searched = 400 * 1440;
const picked = 40;

const wordsOf = (decision: Decision): string => {
  if (decision.kind === 'refused') return decision.by;
  return decision.kind === 'needs' ? `needs ${decision.needs.join(', ')}` : 'allowed';
};

/** What is wrong with the next time that a refusal tells; null: nothing. */
const faultOfNext = (
  rights: unknown,
  asked: Asked,
  wall: Wall | null,
  told: number | null,
  isWhole: boolean,
  chance: Chance,
): string | null => {
  const found = nextAllowed(rights, asked, wall, isWhole ? searched : stepped);
  if (found !== null || isWhole) return found === told ? null : `the next time is ${String(found)}`;
  const refusedAt = (at: number): boolean => isRefusal(judge(rights, { ...asked, at }, wall));
  const end = told ?? asked.at + searched * minute;
  if (told !== null && (refusedAt(told) || !refusedAt(told - 1))) return 'the next time is another';
  const between = Array.from(
    { length: picked },
    () => asked.at + chance.whole(0, (end - asked.at) / minute - 1) * minute,
  );
  const sooner = between.find((at) => !refusedAt(at));
  return sooner === undefined ? null : `it is open at ${String(sooner)} already`;
};

const ask = (chance: Chance, { people, groups, times }: Organisation): Question | null => {
  const [person, ...others] = people;
  const [group, ...further] = groups;
  const [at, ...later] = times;
  if (!person || group === undefined || at === undefined) return null;
  return {
    person: chance.pick([person, ...others]),
    act: chance.often(70) ? 'open' : chance.pick(permissions),
    group: chance.pick([group, ...further]),
    at: chance.pick([at, ...later]),
  };
};

const questions = 24;
/** One seed in so many has its refusals stepped through for all of the 400 days. */
const wholeEach = 100;

export interface Judges {
  readonly kiosk: Judge;
  readonly backend: Judge;
}

/** What differs, each in a line; empty: they are of one mind. `count` is told what was decided. */
export const runSeed = (seed: number, judges: Judges, count: (words: string) => void): string[] => {
  const chance = chanceOf(seed);
  const organisation = makeOrganisation(chance);
  const { rights, people } = organisation;
  const [onKiosk, onBackend] = [judges.kiosk(organisation), judges.backend(organisation)];
  const wall = wallOf(rights);
  let isWhole = seed % wholeEach === 0;
  const faults: string[] = [];
  for (let asked = 0; asked < questions; asked += 1) {
    const question = ask(chance, organisation);
    if (!question) continue;
    const decision = onKiosk(question);
    const expected = judge(rights, question, wall);
    count(wordsOf(decision));
    const fault = (what: string): void => {
      faults.push(
        `seed ${String(seed)}: ${what}; ${JSON.stringify({ ...question, decision, expected, rights })}`,
      );
    };
    if (!isDeepStrictEqual(decision, onBackend(question))) fault('kiosk and backend differ');
    if (wordsOf(decision) !== expected) fault('the reference differs');
    else if (decision.kind === 'refused' && byTime.includes(decision.by)) {
      const wrong = faultOfNext(rights, question, wall, decision.from, isWhole, chance);
      isWhole = false;
      if (wrong !== null) fault(wrong);
    } else if (decision.kind === 'refused' && decision.from !== null) fault('no time would help');
    const { act, group, at } = question;
    const may = whoMay(people, act, group, at, readRights(rights)).map(({ staffId }) => staffId);
    const should = people.filter((person) => !isRefusal(judge(rights, { person, act, group, at }, wall)));
    if (
      !isDeepStrictEqual(
        may,
        should.map(({ staffId }) => staffId),
      )
    )
      fault('who may do it differs');
  }
  for (const person of people) {
    const should = permissions.filter(
      (act) => person.roles?.some((role) => allows(rights, role, act)) ?? true,
    );
    if (!isDeepStrictEqual(permissionsOf(person, readRights(rights)), should))
      faults.push(
        `seed ${String(seed)}: roles allow something else; ${JSON.stringify({ person, should, rights })}`,
      );
  }
  return faults;
};

export interface RightsRun {
  readonly faults: readonly string[];
  readonly failed: readonly number[];
  /** How often each decision came. */
  readonly decided: ReadonlyMap<string, number>;
}

export const runRights = (
  firstSeed: number,
  seeds: number,
  judges: Judges = { kiosk, backend },
): RightsRun => {
  const decided = new Map<string, number>();
  const faults: string[] = [];
  const failed: number[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const found = runSeed(seed, judges, (words) => decided.set(words, (decided.get(words) ?? 0) + 1));
    if (found.length > 0) failed.push(seed);
    faults.push(...found);
  }
  return { faults, failed, decided };
};
