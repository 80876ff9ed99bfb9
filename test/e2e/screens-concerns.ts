/** Screens on which somebody has to act or to be found: for the list of screens. */
import type { Page } from 'playwright-core';
import type { FakeCore } from '#support/fake-core.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { SignedRoundsView } from '#shared/models/signed-round.ts';
import * as scene from '#support/store-scene.ts';

export const concernScreens = [
  {
    name: 'counter-nothing-opens',
    prepare: async (core: FakeCore) => {
      const obstacle = {
        code: 'vault.lease_expired',
        params: { lastContactAt: scene.sceneNow - 8 * 86_400_000 },
      } as const;
      await core.show('kiosk', scene.signedIn({ obstacle }));
      await core.show('locks', { locks: scene.locks().map((lock) => ({ ...lock, obstacle })), foreign: [] });
    },
    reach: (page: Page) => page.getByText('Nothing opens.').waitFor(),
  },
  {
    name: 'lock-concerns',
    prepare: async (core: FakeCore) => {
      const [first = scene.tile(1, '', '', 'here'), ...rest] = scene.locks();
      const alarms = [{ kind: 'tampered', since: scene.sceneNow - 120_000, acknowledged: false } as const];
      const error = { code: 'lock.chain_refused', params: { reason: 'key_epoch_revoked' } } as const;
      const refused = { at: scene.sceneNow - 60_000, error };
      const concerned = { ...first, alarms, refused, unknownSince: scene.sceneNow - 90_000 };
      await core.show('locks', { locks: [concerned, ...rest], foreign: [] });
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
    },
  },
  {
    name: 'alarms',
    prepare: async (core: FakeCore) => {
      const at = (minutes: number): number => scene.sceneNow - minutes * 60_000;
      await core.show(
        'alarms',
        scene.alarms([
          {
            ...{ kind: 'duress', since: at(3), acknowledged: false, ofKiosk: true },
            elsewhere: { kioskName: 'Back counter', name: 'Mara Lind', at: at(6) },
          },
          { kind: 'tampered', since: at(2), acknowledged: false },
          { kind: 'left_open', since: at(4), acknowledged: false },
          { kind: 'chain_broken', since: at(50), acknowledged: false, ofKiosk: true },
          { kind: 'not_heard', since: at(300), acknowledged: false },
          { kind: 'opened_unasked', since: at(70), acknowledged: true },
        ]),
      );
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: '5 alarms. Opens the list.' }).click();
      await page.getByText('Acknowledged by Tom Okafor').waitFor();
    },
  },
  {
    name: 'alarms-none',
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'No alarm. Opens the list.' }).click();
      await page.getByRole('heading', { name: 'No alarms' }).waitFor();
    },
  },
  {
    name: 'sweep',
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Rounds' }).click();
      await page.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: /^Sign: one is open, \d+ not confirmed/ }).waitFor();
    },
  },
  {
    name: 'sweep-signed',
    prepare: async (core: FakeCore) => {
      const sweeps = [scene.sweepSigned(25 * 60_000, 'Mara Lind')];
      core.answer('readSignedRounds', () => ok(scene.signedRounds({ sweeps })));
      core.answer('signSweep', ({ seen }) => {
        const found = {
          heardLocked: scene.locks().length,
          seenLocked: seen.length,
          notLocked: 0,
          heardOpen: 0,
        };
        sweeps.unshift({ at: scene.sceneNow, name: 'Maya Lindqvist', ...found });
        return ok({ ...found, serialNumbers: [] });
      });
      await core.show('locks', {
        locks: scene.locks().map((lock) => ({ ...lock, boltOpen: false })),
        foreign: [],
      });
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Rounds' }).click();
      await page.getByText('Signed already at this kiosk within 12 hours').waitFor();
      await page.getByRole('button', { name: /^Sign: / }).click();
      await page.getByText(/^Signed at .*, number 2 within 12 hours: 33 heard locked/).waitFor();
    },
  },
  {
    name: 'batteries',
    prepare: (core: FakeCore) => core.answer('readBatteries', () => ok(scene.batteries())),
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Rounds' }).click();
      await page.getByRole('button', { name: 'Battery round' }).click();
      await page.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: 'Sign: one changed' }).waitFor();
    },
  },
  {
    name: 'batteries-signed',
    prepare: (core: FakeCore) => {
      core.answer('readBatteries', () => ok({ change: [], silent: [], later: 31, few: 0, never: 0 }));
      const batteries: SignedRoundsView['batteries'] = [];
      core.answer('readSignedRounds', () => ok(scene.signedRounds({ batteries })));
      core.answer('signBatteryRound', ({ changed }) => {
        batteries.unshift({ at: scene.sceneNow, name: 'Maya Lindqvist', changed: changed.length, left: 0 });
        return ok({ changed, left: 0, serialNumbers: [] });
      });
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Rounds' }).click();
      await page.getByRole('button', { name: 'Battery round' }).click();
      await page.getByRole('button', { name: 'Sign: none changed' }).click();
      await page.getByText(/^Signed at .*none left/).waitFor();
    },
  },
  {
    name: 'leave',
    prepare: async (core: FakeCore) => {
      await core.alter('kiosk', { canLeave: true });
      core.answer('leaveKiosk', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByRole('button', { name: 'Leave the kiosk' }).click();
      await page.keyboard.type('123456');
      await page.keyboard.press('Enter');
      await page.getByText('3 tries are left').waitFor();
    },
  },
  {
    name: 'locks-list',
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByRole('button', { name: 'Take a list' }).click();
      await page.getByText('or hold your badge to the reader').waitFor();
      await page.keyboard.type('4711', { delay: 90 });
    },
  },
  {
    name: 'locks-list-taken',
    prepare: (core: FakeCore) => {
      core.answer('exportLocks', () =>
        ok({ fileName: 'latchpoint-locks-2026-03-04-091500.xlsx', locks: 34, file: '' }),
      );
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByRole('button', { name: 'Take a list' }).click();
      await page.getByText('or hold your badge to the reader').waitFor();
      await page.keyboard.type('4711', { delay: 90 });
      await page.keyboard.press('Enter');
      await page.getByText('A list of 34 locks').waitFor();
    },
  },
  {
    name: 'health-badge-not-taken',
    prepare: async (core: FakeCore) => {
      const { staff, ...view } = scene.signedIn({
        notice: { code: 'badge.not_taken', params: { name: 'Tom Okafor' } },
      });
      await core.show('kiosk', {
        ...view,
        staff: staff.map((one) => (one.name === 'Tom Okafor' ? { ...one, badgeNotTaken: true } : one)),
      });
    },
    reach: async (page: Page) => {
      await page.getByText('has not taken the badge that you gave Tom Okafor').waitFor();
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByText(/Not taken by the back office.*Tom Okafor/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'health-data-lost',
    prepare: async (core: FakeCore) => {
      const data = { state: 'lost', since: scene.sceneNow - 26 * 3_600_000 } as const;
      await core.show('health', scene.health({ data }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByText(/data was gone on 3 Mar/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'health-not-yours',
    prepare: (core: FakeCore) => core.alter('kiosk', { seesHealth: false }),
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByText('Your role does not include').waitFor();
    },
  },
  {
    name: 'sign-in-alarm',
    prepare: async (core: FakeCore) => {
      await core.show('kiosk', scene.kiosk());
      await core.show(
        'alarms',
        scene.alarms([{ kind: 'tampered', since: scene.sceneNow, acknowledged: false }]),
      );
    },
    reach: (page: Page) => page.getByText('1 alarm, sign in.').waitFor(),
  },
  {
    name: 'sign-in-many',
    prepare: async (core: FakeCore) => {
      const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hana', 'Ida', 'Jon', 'Kim', 'Lou'];
      const staff = names.map((name, at) => ({
        staffId: scene.idOf(at + 1),
        name: `${name} Martin`,
        lockedUntil: null,
      }));
      await core.show('kiosk', scene.kiosk({ staff }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'H', exact: true }).click();
      await page.getByRole('button', { name: 'Hana M.' }).waitFor();
    },
  },
] as const;
