/** docs/rights.md: each row of "Case by case" is decided as it stands there, and the table of roles is what the given roles allow. */
import { expect, test } from 'vitest';
import { decide, permissionsOf, readRights, type Decision } from '#shared/rights/decide.ts';
import { permissions, type PersonRights, type Permission } from '#shared/rights/model.ts';
import { documentedRights, rightsTable } from '#support/rights-document.ts';

const rights = readRights(documentedRights);
const people = new Map(
  rightsTable('who', 'has').map(([who = '', has = '']) => [
    who,
    { staffId: who, ...(JSON.parse(has.replaceAll('`', '')) as object) } satisfies PersonRights,
  ]),
);
const inTime = (text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`${text} is no time`);
  return at;
};
const isPermission = (text: string): text is Permission => permissions.some((act) => act === text);

const decisionOf = (words: string): Decision => {
  if (words === 'allowed') return { kind: 'allowed' };
  const needs = /^needs (.+)$/.exec(words)?.[1]?.split(', ');
  if (needs) return { kind: 'needs', needs: needs as ('reason' | 'second_person')[] };
  const [, by, from] = /^refused, (\w+), (?:from (\S+)|never)$/.exec(words) ?? [];
  if (by === undefined) throw new Error(`"${words}" is no decision`);
  return { kind: 'refused', by, from: from === undefined ? null : inTime(from) } as Decision;
};

const cases = rightsTable('who', 'act', 'group', 'at', 'decision');

test('there are cases of every kind of decision', () => {
  const decided = cases.map(([, , , , words = '']) => decisionOf(words));
  expect([...new Set(decided.map((each) => (each.kind === 'refused' ? each.by : each.kind)))].sort()).toEqual(
    ['allowed', 'ended', 'group_roles', 'needs', 'not_started', 'not_understood', 'role', 'schedule'],
  );
});

test.each(cases)('%s, %s, group %s, at %s: %s', (who = '', act = '', group = '', at = '', words = '') => {
  const person = people.get(who);
  if (!person || !isPermission(act)) throw new Error(`nobody is called "${who}", or nothing "${act}"`);
  const named = group.startsWith('"') ? (JSON.parse(group) as string) : group;
  expect(decide(person, act, named, inTime(at), rights)).toEqual(decisionOf(words));
});

test.each(rightsTable('role', ...permissions))(
  'the role %s allows what its row says',
  (role = '', ...cells) => {
    const named = permissions.filter((_, at) => cells[at] === 'yes');
    expect(permissionsOf({ staffId: '', roles: [role.replaceAll('`', '')] }, readRights(null))).toEqual(
      named,
    );
  },
);
