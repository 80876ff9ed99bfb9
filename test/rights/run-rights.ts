/** Seeds of made-up stores, people and times: what the backend answers is held against the reference, and what the kiosk tells against both. */
import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '#shared/rights/decide.ts';
import { permissions } from '#shared/rights/model.ts';
import { chanceOf, type Chance } from './chance.ts';
import { faultOfNext } from './next-time.ts';
import { makeOrganisation, type Organisation } from './organisation.ts';
import { allows, isRefusal, judge, ruleFor, wallOf, takesARole, type AskedAssignment } from './reference.ts';
import { backend, kiosk, toldOf, type Backend, type Kiosk, type Question } from './sides.ts';

const byTime: readonly string[] = ['schedule', 'not_started', 'ended'];
const questions = 24;
/** One seed in so many has one of its refusals stepped through for all of the 400 days. */
const wholeEach = 100;

export interface Sides {
  readonly kiosk: Kiosk;
  readonly backend: Backend;
}

const wordsOf = (decision: Decision): string => {
  if (decision.kind === 'refused') return decision.by;
  return decision.kind === 'needs' ? `needs ${decision.needs.join(', ')}` : 'allowed';
};

const ask = (chance: Chance, { people, groups, times }: Organisation): Question => ({
  person: chance.pick(people),
  act: chance.often(70) ? 'open' : chance.pick(permissions),
  group: chance.pick(groups),
  at: chance.pick(times),
});

/** What differs, each in a line; empty: they are of one mind. `count` is told what was decided. */
const runSeed = (seed: number, sides: Sides, count: (words: string) => void): string[] => {
  const chance = chanceOf(seed);
  const organisation = makeOrganisation(chance);
  const { rights, people, groups } = organisation;
  const atKiosk = sides.kiosk(organisation);
  const atBackend = sides.backend(organisation);
  const wall = wallOf(rights);
  const faults: string[] = [];
  const hold = (what: string, found: unknown, should: unknown, about: unknown): void => {
    if (isDeepStrictEqual(found, should)) return;
    faults.push(`seed ${String(seed)}: ${what}; ${JSON.stringify({ found, should, about, rights })}`);
  };
  let isWhole = seed % wholeEach === 0;
  let lastAt = 0;
  for (let asked = 0; asked < questions; asked += 1) {
    const question = ask(chance, organisation);
    const { act, group, at } = question;
    lastAt = at;
    const decision = atBackend(question);
    const expected = judge(rights, question, wall);
    count(wordsOf(decision));
    hold('the backend decides otherwise', wordsOf(decision), expected, question);
    if (decision.kind === 'refused' && (byTime.includes(expected) || question.person.assignments)) {
      const told = { rights, asked: question, wall, told: decision.from, isWhole };
      hold('the backend tells another time', faultOfNext(told, chance), null, question);
      isWhole = false;
    } else if (decision.kind === 'refused') hold('no time would help', decision.from, null, question);
    hold('the kiosk tells something else', atKiosk.told(question), toldOf(decision, act), question);
    const may = people.filter((person) => !isRefusal(judge(rights, { person, act, group, at }, wall)));
    const ids = may.map(({ staffId }) => staffId);
    hold('the kiosk knows others who may', atKiosk.whoMay(question).sort(), ids.sort(), question);
  }
  for (const person of people) {
    // What holds at the time that the kiosk was asked of last.
    const holdsNow = ({ from, until }: AskedAssignment): boolean => {
      const asked = { person: { from, until }, act: 'identify', group: null, at: lastAt };
      return !isRefusal(judge(rights, asked, wall));
    };
    const assigned = (person.assignments ?? [person]).filter(holdsNow);
    const should = permissions.filter((act) =>
      assigned.some(({ roles }) =>
        roles ? roles.some((role) => allows(rights, role, act)) : !takesARole(act),
      ),
    );
    hold('the kiosk takes roles for others', atKiosk.permissions(person.staffId), should, person);
  }
  for (const group of groups) {
    const rule = ruleFor(rights, group);
    const should = (typeof rule === 'object' ? rule['holdOpenSeconds'] : null) ?? null;
    hold('the kiosk holds it open otherwise', atKiosk.holdOpenSeconds(group ?? ''), should, group);
  }
  atKiosk.dispose();
  return faults;
};

export interface RightsRun {
  readonly faults: readonly string[];
  readonly failed: readonly number[];
  /** How often each decision came. */
  readonly decided: ReadonlyMap<string, number>;
}

export const runRights = (firstSeed: number, seeds: number, sides: Sides = { kiosk, backend }): RightsRun => {
  const decided = new Map<string, number>();
  const faults: string[] = [];
  const failed: number[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const found = runSeed(seed, sides, (words) => decided.set(words, (decided.get(words) ?? 0) + 1));
    if (found.length > 0) failed.push(seed);
    faults.push(...found);
  }
  return { faults, failed, decided };
};
