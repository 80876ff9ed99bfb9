/** Kiosk, backend and reference are of one mind, and the run finds out where one is not. */
import { expect, test } from 'vitest';
import { readRights } from '#shared/rights/decide.ts';
import { backend, kiosk, runRights, type Judge, type Judges } from './run-rights.ts';

const seeds = 12;

test(
  'kiosk, backend and the plain reference decide the same, and every kind of decision comes',
  { timeout: 120_000 },
  () => {
    const { faults, decided } = runRights(1, seeds);
    expect(faults).toEqual([]);
    expect([...decided.keys()]).toEqual(
      expect.arrayContaining([
        'allowed',
        'ended',
        'group_roles',
        'not_started',
        'not_understood',
        'role',
        'schedule',
      ]),
    );
  },
);

const anHourOff: Judge = (organisation) => {
  const judge = kiosk(organisation);
  return (question) => judge({ ...question, at: question.at + 3_600_000 });
};
const opensWhatIsOdd: Judge = (organisation) => {
  const judge = kiosk(organisation);
  return (question) => {
    const decision = judge(question);
    return decision.kind === 'refused' && decision.by === 'not_understood' ? { kind: 'allowed' } : decision;
  };
};
const aMinuteLate: Judge = (organisation) => {
  const judge = kiosk(organisation);
  return (question) => {
    const decision = judge(question);
    const from = decision.kind === 'refused' && decision.from;
    return typeof from === 'number' ? { ...decision, from: from + 60_000 } : decision;
  };
};
const knowsNoRoles: Judge = (organisation) => {
  const judge = kiosk(organisation);
  return ({ person: { roles: _, ...person }, ...question }) => judge({ ...question, person });
};

const isFoundOut = (judges: Judges): boolean => {
  for (let seed = 1; seed <= 40; seed += 1) if (runRights(seed, 1, judges).failed.length > 0) return true;
  return false;
};

test.each<[string, Judge]>([
  ['is an hour off', anHourOff],
  ['opens what it does not understand', opensWhatIsOdd],
  ['tells the next time a minute late', aMinuteLate],
  ['knows no roles', knowsNoRoles],
])('a kiosk that %s is found out, be the backend right or not', { timeout: 120_000 }, (_, wrong) => {
  expect(isFoundOut({ kiosk: wrong, backend })).toBe(true);
  expect(isFoundOut({ kiosk: wrong, backend: wrong })).toBe(true);
});

test('what cannot be read is read without a word', () => {
  for (const odd of ['', 7, [], {}, { timeZone: {}, roles: 7, rules: [null] }, Object.create(null)])
    expect(() => readRights(odd)).not.toThrow();
});
