/** What a decision takes: of one lock, open or closed, and of a whole screen of tiles; the store sets as much as it may. */
import { decide, readRights, type Rights } from '#shared/rights/decide.ts';
import type { PersonRights } from '#shared/rights/model.ts';
import type { Bench, Measured } from './bench.ts';
import { median } from './statistics.ts';

const groups = 500;
const tiles = 300;
/** Groups that the locks of one screen are in. */
const shown = 20;
const rounds = 41;
const minute = 60_000;
/** About a summer's Monday morning; from it on the clock goes by the minute, over a change of daylight saving and back. */
const begin = Date.parse('2026-06-29T07:00:00Z');
const frameMs = 1000 / 60;

const daily = (from: string, until: string) => ({ days: [1, 2, 3, 4, 5, 6, 7], from, until });
const dates = Array.from({ length: 400 }, (_, n) =>
  new Date(begin + (n - 30) * 1440 * minute).toISOString().slice(0, 10),
);

/** Half of the groups are open all day long but for exceptions, and half open on the last of 400 days alone. */
const rule = (n: number): object => ({
  group: `Bay ${n}`,
  roles: ['associate', 'lead', 'manager'],
  twoPeople: true,
  reasons: { choices: [{ code: 'customer', name: 'For a customer' }] },
  schedule:
    n % 2 === 0
      ? {
          weekly: Array.from({ length: 30 }, () => daily('00:00', '24:00')),
          exceptions: dates.map((date) => ({ date, windows: [{ from: '00:00', until: '24:00' }] })),
        }
      : { weekly: [], exceptions: [{ date: dates[399], windows: [{ from: '08:00', until: '09:00' }] }] },
});
const given = {
  timeZone: 'Europe/Paris',
  roles: [],
  rules: Array.from({ length: groups }, (_, n) => rule(n)),
};
const person: PersonRights = {
  staffId: 'anyone',
  roles: ['auditor', 'back_office', 'lead'],
  from: '2020-01-01',
  until: '2037-12-31',
};

/** So many µs of one: the median of rounds that each take as many groups as there are tiles, from `first` on, each `step`th. */
const microsOf = (work: (group: string, at: number) => unknown, first: number, step: number): number => {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked: string[] = [];
    for (let n = first; asked.length < tiles; n += step) asked.push(`Bay ${n % groups}`);
    const at = begin + round * minute;
    const began = performance.now();
    for (const group of asked) work(group, at);
    taken.push(((performance.now() - began) * 1000) / tiles);
  }
  return median(taken);
};

/** A screen of tiles for the first time after a store has changed. */
const afterChangeMs = (): number =>
  median(
    Array.from({ length: 7 }, () => {
      const began = performance.now();
      const rights = readRights(given);
      for (let n = 0; n < tiles; n += 1) decide(person, 'open', `Bay ${n % shown}`, begin, rights);
      return performance.now() - began;
    }),
  );

const run = (rights: Rights): Measured[] => {
  const decided = (group: string, at: number) => decide(person, 'open', group, at, rights);
  const map = new Map(given.rules.map((each, n) => [`Bay ${n}`, each]));
  const looked = microsOf((group) => map.get(group), 0, 1);
  const [open, closed, all] = [microsOf(decided, 0, 2), microsOf(decided, 1, 2), microsOf(decided, 0, 1)];
  const baseline = `${looked.toFixed(3)} µs to look a group up in a map`;
  const micros = (part: string, figure: number): Measured => ({
    part,
    figure,
    unit: 'µs',
    goal: { relation: '<=', value: 50 },
    baseline: `${baseline}, ${(figure / looked).toFixed(0)} times`,
  });
  return [
    micros('', all),
    micros('open', open),
    micros('closed_for_a_year', closed),
    {
      part: 'tiles',
      figure: (all * tiles) / 1000,
      unit: 'ms',
      goal: { relation: '<=', value: frameMs },
      baseline: `a frame is ${frameMs.toFixed(1)} ms`,
    },
    {
      part: 'tiles_after_change',
      figure: afterChangeMs(),
      unit: 'ms',
      goal: { relation: '<=', value: 500 },
      baseline: `${shown} groups are shown, of rights of ${(JSON.stringify(given).length / 1e6).toFixed(1)} MB`,
    },
  ];
};

export const decideBench: Bench = {
  name: 'decide',
  work: `who may open what, decided of ${tiles} locks in a store with ${groups} rules`,
  run: () => Promise.resolve(run(readRights(given))),
};
