/** A store in which roles, hours, reasons and second persons are set: for the list of screens and for what people do there. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { KioskView, LockTile } from '#shared/ipc/views.ts';
import { givenRoles, type GivenRole } from '#shared/rights/model.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading, tapFirst } from './screens-common.ts';

export const choices = [
  { code: 'customer', name: 'Customer wants to see it' },
  { code: 'restock', name: 'Restocking' },
  { code: 'collect', name: 'Click and collect' },
  { code: 'return', name: 'Return' },
  { code: 'price', name: 'Price check' },
];
export const receipt = { name: 'Receipt number', required: true };
export const reasonOnly = { secondPerson: false, reasons: { choices } };
export const withNumber = { secondPerson: false, reasons: { choices, number: receipt } };
export const personOnly = { secondPerson: true, reasons: null };
export const both = { secondPerson: true, reasons: { choices } };

export const delay = { secondPerson: false, reasons: null, delayMinutes: 5 };
export const runs: NonNullable<LockTile['wait']> = {
  name: 'Maya Lindqvist',
  opensAt: scene.sceneNow + 160_000,
  until: scene.sceneNow + 460_000,
  over: false,
};

/** Monday of the week after, in the morning. */
export const monday = new Date(2026, 2, 9, 8, 0).getTime();

export const refusedBy = (code: 'rights.not_permitted' | 'rights.never_open'): Partial<LockTile> => ({
  obstacle: { code, params: {} },
});
export const closedUntilMonday: Partial<LockTile> = {
  obstacle: { code: 'rights.outside_hours', params: { fromAt: monday } },
};

/** Maya, in that role. */
export const inRole = (role: GivenRole): KioskView =>
  scene.signedIn({
    session: {
      staffId: scene.idOf(1),
      name: 'Maya Lindqvist',
      idleAt: scene.sceneNow + 600_000,
      permissions: [...givenRoles[role]],
      roles: [{ roleId: role, name: null, at: [] }],
    },
  });

/** The scene's locks, the first of them as `rest` says. */
export const showFirst = async (core: FakeCore, rest: Partial<LockTile>): Promise<void> => {
  const [first, ...others] = scene.locks();
  if (!first) throw new Error('the scene has no locks');
  await core.show('locks', { locks: [{ ...first, ...rest }, ...others], foreign: [] });
};

const named = (...at: number[]) =>
  at.map((n) => scene.staff[n - 1] ?? scene.staff[0]).flatMap((one) => one ?? []);
/** Who may open it, and who may confirm it, by their places in the scene's staff. */
export const whoMay = (core: FakeCore, open: number[], approve: number[]): void => {
  const people = (at: number[]) => named(...at).map(({ staffId, name }) => ({ staffId, name }));
  core.answer('whoMay', () => ok({ open: people(open), approve: people(approve) }));
};

/** The first lock opens, for whatever was given. */
export const opens = (core: FakeCore): void =>
  core.answer('unlock', () => {
    const end = { kind: 'open', until: scene.sceneNow + 600_000 } as const;
    const attemptId = crypto.randomUUID();
    void core.show('attempt', attempt({ end, bolt: 'open', canStop: false, stage: 'actuate', attemptId }));
    return ok(end);
  });

const showRights = async (core: FakeCore): Promise<void> => {
  await core.show('kiosk', inRole('associate'));
  const rest = new Map<number, Partial<LockTile>>([
    [0, { needs: both }],
    [1, { needs: personOnly }],
    [2, closedUntilMonday],
    [3, refusedBy('rights.not_permitted')],
    [4, { needs: { ...personOnly, delayMinutes: 5 }, wait: runs }],
    [5, { needs: reasonOnly }],
    [6, refusedBy('rights.never_open')],
    [7, { obstacle: { code: 'rights.not_understood', params: {} } }],
  ]);
  await core.show('locks', {
    locks: scene.locks().map((lock, at) => ({ ...lock, ...rest.get(at) })),
    foreign: [],
  });
};

const asks = (needs: LockTile['needs']) => async (core: FakeCore) => {
  await core.show('kiosk', inRole('associate'));
  await showFirst(core, { needs });
  whoMay(core, [1], [2, 3, 4]);
};
const choose = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();

export const rightsScreens = [
  {
    name: 'counter-rights',
    prepare: showRights,
    reach: (page: Page) => page.getByText('from Mon 08:00').waitFor(),
  },
  {
    name: 'lock-refused',
    prepare: async (core: FakeCore) => {
      await core.show('kiosk', inRole('associate'));
      await showFirst(core, refusedBy('rights.not_permitted'));
      whoMay(core, [2, 3], []);
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await page.getByText('Tom O. and Priya R. may open it.').waitFor();
    },
  },
  {
    name: 'lock-closed',
    prepare: async (core: FakeCore) => {
      await showFirst(core, closedUntilMonday);
      whoMay(core, [], []);
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await page.getByText('Nobody here may open it now.').waitFor();
    },
  },
  {
    name: 'lock-ask-one',
    prepare: async (core: FakeCore) => {
      await showFirst(core, refusedBy('rights.not_permitted'));
      whoMay(core, [2, 3], []);
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await choose(page, 'Ask one of them');
      await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    },
  },
  {
    name: 'ask-delay',
    prepare: asks(delay),
    reach: async (page: Page) => {
      await tapFirst(page);
      await heading(page, 'It opens 5 minutes after it is asked for.');
    },
  },
  {
    name: 'delay-runs',
    prepare: async (core: FakeCore) => {
      await core.show('kiosk', inRole('associate'));
      await showFirst(core, { needs: delay, wait: runs });
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await page.getByText('Maya Lindqvist has asked for it.').waitFor();
    },
  },
  {
    name: 'ask-badge',
    prepare: asks({ ...personOnly, proof: 'badge' }),
    reach: async (page: Page) => {
      await tapFirst(page);
      await heading(page, 'Hold your badge to the reader');
    },
  },
  {
    name: 'ask-own-pin',
    prepare: async (core: FakeCore) => {
      await asks({ ...personOnly, proof: 'pin' })(core);
      core.answer('proveSelf', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await heading(page, 'Enter your PIN, too');
      await page.keyboard.type('1357', { delay: 90 });
      await page.keyboard.press('Enter');
      await page.getByText('3 tries are left').waitFor();
    },
  },
  {
    name: 'ask-reason',
    prepare: asks(reasonOnly),
    reach: async (page: Page) => {
      await tapFirst(page);
      await page.getByText('Why is it opened?').waitFor();
    },
  },
  {
    name: 'ask-number',
    prepare: asks(withNumber),
    reach: async (page: Page) => {
      await tapFirst(page);
      await choose(page, 'Return');
      await page.getByLabel('Receipt number').waitFor();
      await page.keyboard.type('4711', { delay: 90 });
    },
  },
  {
    name: 'ask-who',
    prepare: asks(both),
    reach: async (page: Page) => {
      await tapFirst(page);
      await choose(page, 'Customer wants to see it');
      await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    },
  },
  {
    name: 'ask-pin',
    prepare: async (core: FakeCore) => {
      await asks(both)(core);
      core.answer('unlock', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await choose(page, 'Customer wants to see it');
      await choose(page, 'Priya R.');
      await heading(page, 'Maya Lindqvist asks to open Spirits cabinet 1');
      // A moment after the choice, because the second tap of a double tap enters nothing.
      await page.keyboard.type('1357', { delay: 90 });
      await page.keyboard.press('Enter');
      await page.getByText('3 tries are left').waitFor();
    },
  },
  {
    name: 'ask-lapsed',
    prepare: asks(personOnly),
    reach: async (page: Page, core: FakeCore) => {
      await tapFirst(page);
      await page.getByRole('button', { name: 'Priya R.' }).waitFor();
      await core.show('kiosk', { ...inRole('associate'), now: scene.sceneNow + 121_000 });
      await page.getByText('Nobody confirmed within two minutes. Still locked.').waitFor();
    },
  },
  {
    name: 'lock-open-together',
    prepare: async (core: FakeCore) => {
      await asks(personOnly)(core);
      opens(core);
    },
    reach: async (page: Page) => {
      await tapFirst(page);
      await choose(page, 'Priya R.');
      await page.getByText('PIN of Priya R.').waitFor();
      await page.keyboard.type('2468', { delay: 90 });
      await page.keyboard.press('Enter');
      await page.getByText('Open · Maya with Priya').waitFor();
    },
  },
  {
    name: 'sign-in-same-name',
    prepare: async (core: FakeCore) => {
      const staff = scene.staff.map((one, at) => ({
        ...one,
        name: at < 2 ? 'Maya Lindqvist' : one.name,
        employeeNumber: `10${at + 42}`,
      }));
      await core.show('kiosk', scene.kiosk({ staff }));
    },
    reach: (page: Page) => page.getByText('1043').waitFor(),
  },
] as const;
