/** Kiosk, backend and reference are of one mind, and the run finds out where one is not. */
import { expect, test } from 'vitest';
import { readRights, type Decision } from '#shared/rights/decide.ts';
import type { MadePerson, Organisation } from './organisation.ts';
import { runRights, type Sides } from './run-rights.ts';
import { backend, kiosk, type Backend, type Kiosk, type Told } from './sides.ts';

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

const hour = 3_600_000;
const kioskAnHourOff: Kiosk = (organisation) => {
  const side = kiosk(organisation);
  return { ...side, told: (question) => side.told({ ...question, at: question.at + hour }) };
};
const backendAnHourOff: Backend = (organisation) => {
  const answer = backend(organisation);
  return (question) => answer({ ...question, at: question.at + hour });
};
const kioskTelling =
  (change: (told: Told) => Told): Kiosk =>
  (organisation) => {
    const side = kiosk(organisation);
    return { ...side, told: (question) => change(side.told(question)) };
  };
const backendAnswering =
  (change: (decision: Decision) => Decision): Backend =>
  (organisation) => {
    const answer = backend(organisation);
    return (question) => change(answer(question));
  };
const opened: Told = { error: null, fromAt: null, needs: [] };
const withoutRoles = ({ roles: _, ...person }: MadePerson): MadePerson => person;
const rolesForgotten: Kiosk = ({ people: [first, ...others], ...rest }: Organisation) =>
  kiosk({ ...rest, people: [withoutRoles(first), ...others.map(withoutRoles)] });

const isFoundOut = (sides: Sides): boolean => {
  for (let seed = 1; seed <= 40; seed += 1) if (runRights(seed, 1, sides).failed.length > 0) return true;
  return false;
};

test.each<[string, Partial<Sides>]>([
  ['a kiosk that is an hour off', { kiosk: kioskAnHourOff }],
  ['a backend that is an hour off', { backend: backendAnHourOff }],
  ['both an hour off', { kiosk: kioskAnHourOff, backend: backendAnHourOff }],
  [
    'a kiosk that opens what it does not understand',
    { kiosk: kioskTelling((told) => (told.error === 'rights.not_understood' ? opened : told)) },
  ],
  [
    'a backend that allows what it does not understand',
    {
      backend: backendAnswering((decision) =>
        decision.kind === 'refused' && decision.by === 'not_understood' ? { kind: 'allowed' } : decision,
      ),
    },
  ],
  [
    'a kiosk that tells the next time a minute late',
    { kiosk: kioskTelling((told) => ({ ...told, fromAt: told.fromAt && told.fromAt + 60_000 })) },
  ],
  [
    'a backend that tells the next time a minute late',
    {
      backend: backendAnswering((decision) =>
        decision.kind === 'refused' && decision.from !== null
          ? { ...decision, from: decision.from + 60_000 }
          : decision,
      ),
    },
  ],
  ['a kiosk that asks for no second person', { kiosk: kioskTelling((told) => ({ ...told, needs: [] })) }],
  ['a kiosk that knows no roles', { kiosk: rolesForgotten }],
])('%s is found out', { timeout: 120_000 }, (_, wrong) => {
  expect(isFoundOut({ kiosk, backend, ...wrong })).toBe(true);
});

test('what cannot be read is read without a word', () => {
  for (const odd of ['', 7, [], {}, { timeZone: {}, roles: 7, rules: [null] }, Object.create(null)])
    expect(() => readRights(odd)).not.toThrow();
});
