/** What the rights refuse, no call does, and neither a lock nor a service is ever asked. */
import { describe, expect, test } from 'vitest';
import { goodInputs } from '#support/fake-kiosk-api.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { createRightsBench, rightsOf } from '#support/rights-bench.ts';
import { rightsTable } from '#support/rights-document.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { callNames, calls, type CallName } from '#shared/ipc/contract.ts';
import { decide, readRights } from '#shared/rights/decide.ts';
import { givenRoles, permissions, type Permission, type Rule } from '#shared/rights/model.ts';
import { callPermissions } from './call-permissions.ts';

const opensToday = (from: string, until: string): Rule => ({
  group: 'Perfume',
  schedule: { weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from, until }], exceptions: [] },
});
const laterRule = { group: 'Perfume', delay: 30 };
/** The bench's clock stands at Monday 5 January 2026, 09:00 in London. */
const rules: Readonly<Record<string, Parameters<typeof rightsOf>[0]>> = {
  none: [],
  'open now': [opensToday('08:00', '18:00')],
  'closed now': [opensToday('10:00', '18:00')],
  'for managers': [{ group: 'perfume ', roles: ['manager'] }],
  'of a later release': [laterRule],
};
const dates = {
  'any time': {},
  'begins tomorrow': { from: '2026-01-06' },
  'ended yesterday': { until: '2026-01-04' },
} as const;
const roles: Readonly<Record<string, readonly string[] | undefined>> = {
  ...Object.fromEntries(Object.keys(givenRoles).map((role) => [role, [role]])),
  'a role that nobody knows': ['astronaut'],
  'no role': [],
  'never given any': undefined,
};

/** What each call is judged by, in order. */
const actsOf = (name: CallName): readonly Permission[] => {
  const act = callPermissions[name];
  if (act === null) return [];
  if (act !== 'at_the_lock') return [act];
  return name === 'unlockGroup' ? ['open_group', 'open'] : ['open'];
};

type Ask = (input: unknown, context: { readonly signal: AbortSignal }) => Promise<Result<unknown>>;
const guardedNames = callNames.filter((name) => callPermissions[name] !== null);
const inputs = { ...goodInputs, unlock: { serialNumber: serial }, unlockGroup: { serialNumbers: [serial] } };
const inputOf = (name: CallName): unknown => {
  const input = inputs[name];
  return input && 'serialNumber' in input ? { ...input, serialNumber: serial } : input;
};

const freeCalls = rightsTable('call', 'who may', 'why');

test('only who needs no right is left without one', () => {
  const free = callNames.filter((name) => callPermissions[name] === null);
  expect(free.map((name) => `\`${name}\``)).toEqual(freeCalls.map(([name]) => name));
  expect(new Set(guardedNames.flatMap(actsOf))).toEqual(
    new Set(permissions.filter((act) => !['approve', 'lift_pause', 'see_health'].includes(act))),
  );
});

test.each(freeCalls)('%s takes no right: %s may', async (cell = '', who = '') => {
  const name = callNames.find((one) => cell === `\`${one}\``);
  if (!name) throw new Error(`${cell} is no call`);
  const on = await createRightsBench({});
  const ask = on.calls[name] as Ask;
  const answer = await ask(inputOf(name), on.context);
  const code = answer.ok ? null : answer.error.code;
  if (who === 'whoever is signed in') {
    expect([code, on.reached()]).toEqual(['staff.not_signed_in', []]);
    // For whoever has no role, too.
    const roleless = await createRightsBench({ ann: { roles: [] } });
    const held = await (roleless.heldCalls[name] as Ask)(inputOf(name), roleless.context);
    if (!held.ok) expect(held.error.code).not.toBe('rights.not_permitted');
  } else {
    expect(who).toBe('anybody');
    expect(['staff.not_signed_in', 'rights.not_permitted']).not.toContain(code);
  }
});

describe.each(Object.keys(roles))('with %s', (role) => {
  test.each(Object.keys(rules))('under the rule %s, whatever the dates', async (rule) => {
    for (const [when, part] of Object.entries(dates)) {
      const given = roles[role];
      const ann = { ...part, ...(given ? { roles: given } : {}) };
      const rights = rightsOf(rules[rule] ?? []);
      for (const name of guardedNames) {
        const on = await createRightsBench({ rights, ann });
        const person = { staffId: ids.ann, ...ann };
        const decisions = actsOf(name).map((act) =>
          decide(person, act, 'Perfume', on.clock.now(), readRights(rights)),
        );
        const isRefused = decisions.some(({ kind }) => kind === 'refused');
        const ask = on.heldCalls[name] as Ask;
        const answer = await ask(inputOf(name), on.context);
        const what = `${name}, ${when}`;
        // None of these rules has a delay: there is nothing to ask for.
        if (!isRefused && name === 'askOpening') expect(answer, what).toEqual(ok(null));
        else if (!isRefused) expect(on.reached(), what).not.toEqual([]);
        else {
          expect(answer.ok, what).toBe(false);
          expect(on.reached(), what).toEqual([]);
          if (!answer.ok) expect(calls[name].errors, what).toContain(answer.error.code);
        }
      }
    }
  });
});
