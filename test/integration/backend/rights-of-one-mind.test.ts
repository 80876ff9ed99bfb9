/** What a backend answers an operator is what a kiosk tells at its locks, once it has pulled store and people: of made-up stores. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { groupMaySchema, personMaySchema } from '#backend/admin/answers.ts';
import { staffSchema, storeSchema } from '#shared/models/documents.ts';
import { givenRoles, ruleSchema } from '#shared/rights/model.ts';
import { wallClockOf } from '#shared/rights/wall-clock.ts';
import { chanceOf } from '../../rights/chance.ts';
import { makeOrganisation, type MadePerson } from '../../rights/organisation.ts';
import { kiosk as kioskSide, toldOf } from '../../rights/sides.ts';
import { storeTest } from './store-test.ts';

const seeds = [1, 2, 3, 4, 5];
const ownRoles = ['watch_expert', 'night', 'cleaner'];

interface Loose {
  readonly timeZone?: unknown;
  readonly rules?: unknown;
}

/** What a backend takes of it: the rest would be refused as it is set. */
const sound = (rights: unknown): { timeZone: string; roles: object[]; rules: unknown[] } => {
  const { timeZone, rules } = (typeof rights === 'object' && rights !== null ? rights : {}) as Loose;
  return {
    timeZone: typeof timeZone === 'string' && wallClockOf(timeZone) ? timeZone : 'Europe/Paris',
    roles: ownRoles.map((roleId) => ({ roleId, name: roleId, permissions: ['open', 'identify'] })),
    rules: (Array.isArray(rules) ? (rules as unknown[]) : []).filter(
      (rule) => ruleSchema.safeParse(rule).success,
    ),
  };
};

const isKnown = (role: string): boolean => Object.hasOwn(givenRoles, role) || ownRoles.includes(role);

const test = storeTest.extend('scene', ({ world }) => {
  /** Rules that never open, or that stand there twice, are refused by their place: they are left out. */
  const putRights = async (storeId: string, rights: ReturnType<typeof sound>): Promise<void> => {
    for (let tries = 0; tries < 10; tries += 1) {
      const { status, body } = await world.admin('PUT', `/stores/${storeId}/rights`, rights);
      if (status === 204) return;
      const { path } = (body as { error: { params: { path: string } } }).error.params;
      const place = Number(/^rules\.(\d+)/.exec(path)?.[1] ?? expect.unreachable(path));
      rights.rules.splice(place, 1);
    }
    expect.unreachable('nothing of it was taken');
  };
  const putPerson = async (storeId: string, { staffId, roles, from, until }: MadePerson): Promise<void> => {
    const isUsable = from === undefined || until === undefined || from <= until;
    const person = {
      name: staffId.slice(0, 8),
      pin: '582047',
      ...(roles && { roles: roles.filter(isKnown) }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && isUsable && { until }),
    };
    expect((await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, person)).status).toBe(204);
  };
  return { putRights, putPerson };
});

test.for(seeds)(
  'made-up store %d: kiosk and backend are of one mind',
  async (seed, { world, scene: { putRights, putPerson } }) => {
    const made = makeOrganisation(chanceOf(seed));
    const storeId = await world.makeStore();
    const kiosk = await world.makeKiosk(storeId);
    await putRights(storeId, sound(made.rights));
    for (const person of made.people) await putPerson(storeId, { ...person, staffId: randomUUID() });

    const [store] = (await kiosk.pullAll('store')).map((row) => storeSchema.parse(row));
    const [first, ...others] = (await kiosk.pullAll('staff')).map((row) => staffSchema.parse(row));
    if (!first) return expect.unreachable('nobody came');
    const people: [MadePerson, ...MadePerson[]] = [first, ...others];
    const side = kioskSide({ ...made, people, rights: store?.rights });

    const get = async (path: string): Promise<unknown> =>
      (await world.admin('GET', `/stores/${storeId}${path}`)).body;
    for (const at of made.times) {
      for (const group of made.groups) {
        const path = `/may-open?group=${encodeURIComponent(group ?? '')}&at=${String(at)}`;
        const answer = groupMaySchema.parse(await get(path));
        expect(answer.people).toHaveLength(people.length);
        for (const { staffId, decision } of answer.people) {
          expect(side.told({ person: { staffId }, act: 'open', group, at })).toEqual(
            toldOf(decision, 'open'),
          );
        }
      }
    }
    // The kiosk's side stands where it was asked of last.
    const last = made.times.at(-1);
    for (const { staffId } of people) {
      const may = personMaySchema.parse(await get(`/staff/${staffId}/may?at=${String(last)}`));
      expect(side.permissions(staffId)).toEqual(may.permissions);
    }
    side.dispose();
  },
);
