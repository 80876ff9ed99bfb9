/** Every screen and how a person gets there. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { activityScreens } from './screens-activity.ts';
import { badgeScreens } from './screens-badges.ts';
import { heading, type Screen } from './screens-common.ts';
import { updateScreens } from './screens-updates.ts';
import { concernScreens } from './screens-concerns.ts';
import { groupScreens } from './screens-group.ts';
import { jobScreens } from './screens-jobs.ts';
import { replacingScreens } from './screens-replacing.ts';
import { rightsScreens } from './screens-rights.ts';
import { unlockScreens } from './screens-unlock.ts';

const longSession = { staffId: scene.idOf(1), idleAt: scene.sceneNow + 600_000 };

export const screens: readonly Screen[] = [
  {
    name: 'starting',
    prepare: (core) => core.show('kiosk', scene.kiosk({ phase: 'starting' })),
    reach: (page) => heading(page, 'Getting ready'),
  },
  {
    name: 'set-up',
    prepare: async (core) => {
      await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
      core.answer('registerKiosk', () => fail('sync.registration_refused'));
    },
    reach: async (page) => {
      await page.getByLabel('Registration code').fill('abcd efgh jklm npqr');
      await page.getByRole('button', { name: 'Set up', exact: true }).click();
      await page.getByText('That registration code was not accepted.').waitFor();
    },
  },
  {
    name: 'revoked',
    prepare: (core) => core.show('kiosk', scene.kiosk({ phase: 'revoked' })),
    reach: (page) => heading(page, /revoked/),
  },
  {
    name: 'sign-in',
    prepare: (core) => core.show('kiosk', scene.kiosk()),
    reach: (page) => heading(page, 'Choose your name'),
  },
  {
    name: 'pin',
    prepare: async (core) => {
      await core.show('kiosk', scene.kiosk());
      core.answer('signIn', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page) => {
      await page.getByRole('button', { name: 'Maya L.' }).click();
      await page.keyboard.type('1234');
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('3 tries are left').waitFor();
      await page.keyboard.type('47');
    },
  },
  {
    name: 'pin-paused',
    prepare: async (core) => {
      const staff = scene.staff.map((one, at) =>
        at === 0 ? { ...one, lockedUntil: scene.sceneNow + 90_000 } : one,
      );
      await core.show('kiosk', scene.kiosk({ staff }));
      const people = scene.staff.slice(2).map(({ staffId, name }) => ({ staffId, name }));
      core.answer('whoMayLift', () => ok({ people }));
      core.answer('liftPause', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page) => {
      await page.getByRole('button', { name: 'Maya L.' }).click();
      await page.getByText('Signing in is paused for').waitFor();
      await page.getByRole('button', { name: 'Priya R.' }).click();
      await page.keyboard.type('1234');
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('3 tries are left').waitFor();
      await page.keyboard.type('12');
    },
  },
  { name: 'counter', reach: (page) => tile(page).waitFor() },
  {
    name: 'counter-offline',
    prepare: (core) => core.show('health', scene.offline()),
    reach: async (page) => {
      await tile(page).waitFor();
      await page.keyboard.type('stock');
      await page.getByText('23 locks of this store').waitFor();
    },
  },
  {
    // What the bar has to say at its longest, of a person whose name is long.
    name: 'counter-long-bar',
    prepare: async (core) => {
      await core.show(
        'health',
        scene.health({ certificates: { state: 'missing', since: 0, validUntil: null } }),
      );
      await core.show(
        'kiosk',
        scene.signedIn({ session: { ...longSession, name: 'Alexandrina Fitzgerald-Montgomery' } }),
      );
    },
    reach: async (page) => {
      await page.getByText('Nothing opens: no certificate yet').first().waitFor();
    },
  },
  {
    name: 'counter-deaf',
    prepare: async (core) => {
      await core.show('health', scene.health({ radio: { state: 'no_dongle', since: scene.offlineSince } }));
      await core.show('locks', {
        locks: scene.locks().map((lock) => ({ ...lock, proximity: null, boltOpen: null, battery: null })),
        foreign: [],
      });
    },
    reach: (page) => heading(page, 'The kiosk hears no locks now'),
  },
  {
    name: 'counter-leaving',
    prepare: async (core) => {
      const session = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 9_500 };
      core.answer('touch', () => ok(null));
      await core.show(
        'kiosk',
        scene.kiosk({
          session,
          notice: { code: 'storage.set_aside', params: { file: 'kiosk-2026-03-04.db' } },
        }),
      );
    },
    reach: async (page, core) => {
      await core.show(
        'kiosk',
        scene.kiosk({
          session: { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 9_500 },
          notice: { code: 'storage.set_aside', params: { file: 'kiosk-2026-03-04.db' } },
        }),
      );
      await page.getByRole('button', { name: 'Stay signed in' }).waitFor();
    },
  },
  ...concernScreens,
  ...updateScreens,
  ...jobScreens,
  ...badgeScreens,
  {
    name: 'lock-details',
    reach: async (page) => {
      await page.getByRole('button', { name: 'More about Memory cards' }).click();
      await heading(page, 'Memory cards');
    },
  },
  {
    name: 'lock-naming',
    reach: async (page) => {
      await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
      await page.getByRole('button', { name: 'Rename or regroup' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Spirits cabinet 2');
      await page.getByText('Another lock of this group').waitFor();
    },
  },
  ...replacingScreens,
  ...unlockScreens,
  ...rightsScreens,
  {
    name: 'new-locks',
    reach: async (page) => {
      await page.getByRole('button', { name: '2 new locks' }).click();
      await page
        .getByLabel('Enrol lock 0000 51a'.replace('0000 51a', '0000 051a 0000 00a1'))
        .check({ force: true });
    },
  },
  {
    name: 'new-locks-none',
    prepare: (core) => core.show('newLocks', { locks: [] }),
    reach: async (page) => {
      await page.getByRole('button', { name: 'New locks' }).click();
      await page.getByText('No new lock is in range').waitFor();
    },
  },
  {
    name: 'enrol',
    prepare: async (core) => {
      await core.show('health', scene.offline());
      core.answer('captureEnrolment', ({ serialNumber }) =>
        serialNumber === scene.serialOf(0xa1)
          ? ok({ enrolmentId: scene.idOf(500) })
          : fail('lock.link_lost', { serialNumber }),
      );
    },
    reach: async (page) => {
      await page.getByRole('button', { name: '2 new locks' }).click();
      await page.getByRole('button', { name: 'Tick all' }).click();
      await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
      await page.getByRole('button', { name: 'Add 2 locks' }).click();
      await page.getByText('One lock was not added').waitFor();
    },
  },
  {
    name: 'enrol-done',
    prepare: async (core) => {
      await core.show('health', scene.offline());
      core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
    },
    reach: async (page) => {
      await page.getByRole('button', { name: '2 new locks' }).click();
      await page.getByRole('button', { name: 'Tick all' }).click();
      await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
      await page.getByRole('button', { name: 'Add 2 locks' }).click();
      await page.getByText('They will open after this kiosk has been online').waitFor();
    },
  },
  {
    name: 'queue',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Being added (6)' }).click();
      await page.getByText('Read here.').waitFor();
    },
  },
  {
    name: 'counter-new-today',
    prepare: (core) =>
      core.show('locks', {
        locks: [...scene.locks(), scene.tile(0xa0 + 400, 'Razor hook 10', 'Razors', 'here')],
        foreign: [],
      }),
    reach: async (page) => {
      await page.getByRole('button', { name: 'Being added (6)' }).click();
      await page.getByRole('button', { name: 'Open it once to test' }).click();
      await page.getByRole('button', { name: /^Open Razor hook 10, / }).waitFor();
    },
  },
  {
    // Whoever has a lock's details open is asked whether they are still there.
    name: 'lock-details-leaving',
    prepare: (core) => core.answer('touch', () => ok(null)),
    reach: async (page, core) => {
      await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
      await page.getByRole('button', { name: 'Make it blink' }).waitFor();
      await core.show(
        'kiosk',
        scene.signedIn({
          session: { ...longSession, name: 'Maya Lindqvist', idleAt: scene.sceneNow + 9_500 },
        }),
      );
      await page.getByRole('dialog').getByRole('button', { name: 'Stay signed in' }).waitFor();
    },
  },
  {
    name: 'health',
    prepare: (core) =>
      core.show('health', { ...scene.offline(), radio: { state: 'no_dongle', since: scene.offlineSince } }),
    reach: async (page) => {
      await page.getByRole('button', { name: /^Nothing opens: no dongle/ }).click();
      await page.getByText('Bluetooth dongle not found since 14:05.').first().waitFor();
      await page.getByText('Details').nth(1).click();
    },
  },
  ...activityScreens,
  ...groupScreens,
  {
    name: 'health-receiving',
    prepare: async (core) => {
      const { connection, ...rest } = scene.health();
      const pulling = { received: 1_240, total: 10_000 };
      await core.show('health', { ...rest, connection: { ...connection, pulling, invalidRows: 1 } });
    },
    reach: async (page) => {
      await page.getByRole('button', { name: /^One record put aside/ }).click();
      await page.getByText('One record could not be used').waitFor();
    },
  },
  {
    name: 'lost',
    reach: async (page, core) => {
      await tile(page).waitFor();
      core.vanish();
      await page.getByRole('alertdialog').waitFor();
    },
  },
];

const tile = (page: Page) => page.getByRole('button', { name: /^Open Spirits cabinet 1/ });
