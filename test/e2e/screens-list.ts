/** Every screen and how a person gets there. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { AttemptView, UnlockEnd } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { concernScreens } from './screens-concerns.ts';
import { groupScreens } from './screens-group.ts';

export interface Screen {
  readonly name: string;
  readonly prepare?: (core: FakeCore) => void;
  /** Resolves when the screen is there. */
  readonly reach: (page: Page, core: FakeCore) => Promise<void>;
}

type Attempt = NonNullable<AttemptView['attempt']>;

export const attempt = (rest: Partial<Attempt> = {}): { attempt: Attempt } => ({
  attempt: {
    attemptId: scene.idOf(900),
    serialNumber: scene.serialOf(1),
    lockName: 'Spirits cabinet 1',
    startedAt: scene.sceneNow,
    stage: 'find',
    stageMs: {},
    canStop: true,
    end: null,
    bolt: null,
    ...rest,
  },
});

const stageMs = { find: 120, connect: 210, authenticate: 90, actuate: 60 };

export const tapFirst = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^Spirits cabinet 1/ }).click();
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor();

/** The lock is tapped, and the unlock ends as `end`. */
const ending = (name: string, end: UnlockEnd, words: string, bolt: Attempt['bolt'] = null): Screen => ({
  name,
  prepare: (core) => {
    core.answer('unlock', () => {
      core.show('attempt', attempt({ stage: 'actuate', stageMs, canStop: false, end, bolt }));
      return ok(end);
    });
    core.answer('askLock', () => ok({ bolt: 'locked', battery: 80 }));
  },
  reach: async (page, core) => {
    core.show('attempt', { attempt: null });
    core.show('kiosk', scene.signedIn());
    await tapFirst(page);
    await page.getByText(words, { exact: true }).first().waitFor();
  },
});

export const screens: readonly Screen[] = [
  {
    name: 'starting',
    prepare: (core) => core.show('kiosk', scene.kiosk({ phase: 'starting' })),
    reach: (page) => heading(page, 'Getting ready'),
  },
  {
    name: 'set-up',
    prepare: (core) => {
      core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
      core.answer('registerKiosk', () => fail('sync.registration_refused'));
    },
    reach: async (page) => {
      await page.getByLabel('Registration code').fill('abcd efgh jklm npqr');
      await page.getByRole('button', { name: 'Set up' }).click();
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
    prepare: (core) => {
      core.show('kiosk', scene.kiosk());
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
    prepare: (core) =>
      core.show(
        'kiosk',
        scene.kiosk({ staff: scene.staff.map((one) => ({ ...one, lockedUntil: scene.sceneNow + 90_000 })) }),
      ),
    reach: async (page) => {
      await page.getByRole('button', { name: 'Maya L.' }).click();
      await page.getByText('Signing in is paused for').waitFor();
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
    name: 'counter-deaf',
    prepare: (core) => {
      core.show('health', scene.health({ radio: { state: 'no_dongle', since: scene.offlineSince } }));
      core.show('locks', {
        locks: scene.locks().map((lock) => ({ ...lock, proximity: null, boltOpen: null, battery: null })),
        foreign: [],
      });
    },
    reach: (page) => heading(page, 'The kiosk hears no locks now'),
  },
  {
    name: 'counter-leaving',
    prepare: (core) => {
      const session = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 9_500 };
      core.answer('touch', () => ok(null));
      core.show(
        'kiosk',
        scene.kiosk({
          session,
          notice: { code: 'storage.set_aside', params: { file: 'kiosk-2026-03-04.db' } },
        }),
      );
    },
    reach: async (page, core) => {
      core.show(
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
  {
    name: 'unlock-working',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      core.show('attempt', { attempt: null });
      core.show('kiosk', scene.signedIn());
      await tapFirst(page);
      core.show(
        'attempt',
        attempt({ stage: 'authenticate', stageMs: { find: 120, connect: 210 }, startedAt: scene.sceneNow }),
      );
      await page.getByText('Kiosk and lock check each other').waitFor();
    },
  },
  ending('unlock-open', { kind: 'open', until: scene.sceneNow + 5_000 }, 'Open', 'open'),
  ending('unlock-waiting', { kind: 'open', until: scene.sceneNow - 1 }, 'Open a moment ago', 'open'),
  ending('unlock-locked', { kind: 'open', until: scene.sceneNow - 1 }, 'Locked again', 'locked'),
  ending(
    'unlock-refused',
    {
      kind: 'not_open',
      error: { code: 'lock.connect_timeout', params: { serialNumber: scene.serialOf(1) } },
    },
    'Not opened',
  ),
  ending('unlock-unknown', { kind: 'unknown' }, 'Not known'),
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
    prepare: (core) => {
      core.show('health', scene.offline());
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
      await page.getByRole('button', { name: 'Capture all 2' }).click();
      await page.getByText('One lock was not captured').waitFor();
    },
  },
  {
    name: 'enrol-done',
    prepare: (core) => {
      core.show('health', scene.offline());
      core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
    },
    reach: async (page) => {
      await page.getByRole('button', { name: '2 new locks' }).click();
      await page.getByRole('button', { name: 'Tick all' }).click();
      await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
      await page.getByRole('button', { name: 'Capture all 2' }).click();
      await page.getByText('They will open after this kiosk has been online').waitFor();
    },
  },
  {
    name: 'queue',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Being added (4)' }).click();
      await page.getByText('Read here.').waitFor();
    },
  },
  {
    name: 'health',
    prepare: (core) =>
      core.show('health', { ...scene.offline(), radio: { state: 'no_dongle', since: scene.offlineSince } }),
    reach: async (page) => {
      await page.getByRole('button', { name: /^Bluetooth: no dongle/ }).click();
      await page.getByText('Bluetooth dongle not found since 14:05.').first().waitFor();
      await page.getByText('Details').nth(1).click();
    },
  },
  ...groupScreens,
  {
    name: 'health-receiving',
    prepare: (core) => {
      const { connection, ...rest } = scene.health();
      const pulling = { received: 1_240, total: 10_000 };
      core.show('health', { ...rest, connection: { ...connection, pulling, invalidRows: 1 } });
    },
    reach: async (page) => {
      await page.getByRole('button', { name: /^Connection: 1,240 of 10,000/ }).click();
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

const tile = (page: Page) => page.getByRole('button', { name: /^Spirits cabinet 1/ });
