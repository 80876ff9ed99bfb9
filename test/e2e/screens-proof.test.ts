/** Badges over a task: whoever confirms, or lifts a pause, holds theirs to the reader; whoever opens shows badge and PIN. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { keyboardLayouts, presentBadge } from '#support/badge-reader.ts';
import * as scene from '#support/store-scene.ts';
import { leadsPageTest } from './leads-page.ts';
import { openActivity, showActivity } from './screens-activity.ts';
import { goToBadges, showBadges } from './screens-badges.ts';
import { heading, tapFirst } from './screens-common.ts';
import { choices, personOnly, showFirst } from './screens-rights.ts';

const serialNumber = scene.serialOf(1);

interface SheetOfBadges {
  readonly show: () => Promise<void>;
  readonly reach: () => Promise<void>;
  /** Which call has the badge, and how. */
  readonly call:
    'whoseBadge' | 'proveSelf' | 'liftPause' | 'readBadge' | 'leaveKiosk' | 'beginExport' | 'exportLocks';
  readonly given: (read: string) => unknown;
}
const own = (read: string): unknown => ({ read });

const sheetNames = [
  'a second person',
  'badge and PIN',
  'lifting a pause',
  'giving a badge',
  'leaving the kiosk',
  'taking a copy of the journal',
  'taking a list of locks',
] as const;
type SheetName = (typeof sheetNames)[number];

const it = leadsPageTest()
  .extend('keyboard', ({ page }) => page.context().newCDPSession(page))
  .extend(
    'hold',
    ({ keyboard }) =>
      (number = '90210') =>
        presentBadge(keyboard, number),
  )
  .extend('noneSignedIn', ({ inputsOf }) => (): void => {
    for (const call of ['signInByBadge', 'signOut']) expect(inputsOf(call)).toEqual([]);
  })
  .extend('openHealth', ({ page }) => async (then: string): Promise<void> => {
    await page.getByRole('button', { name: /^Ready/ }).click();
    await page.getByRole('button', { name: then }).click();
  })
  /** Everything at which a badge proves who somebody is. */
  .extend('sheets', ({ core, page, openHealth }): Readonly<Record<SheetName, SheetOfBadges>> => ({
    'a second person': {
      show: () => showFirst(core, { needs: personOnly }),
      reach: async () => {
        await tapFirst(page);
        await page.getByRole('button', { name: 'Priya R.' }).waitFor();
      },
      call: 'whoseBadge',
      given: own,
    },
    'badge and PIN': {
      show: () => showFirst(core, { needs: { secondPerson: false, reasons: null, proof: 'badge' } }),
      reach: async () => {
        await tapFirst(page);
        await heading(page, 'Hold your badge to the reader');
      },
      call: 'proveSelf',
      given: own,
    },
    'lifting a pause': {
      show: async () => {
        const people = scene.staff.slice(2).map(({ staffId, name }) => ({ staffId, name }));
        core.answer('whoMayLift', () => ok({ people }));
        const lockedUntil = scene.sceneNow + 90_000;
        const staff = scene.staff.map((one, at) => (at === 0 ? { ...one, lockedUntil } : one));
        await core.show('kiosk', scene.kiosk({ staff }));
      },
      reach: async () => {
        await page.getByRole('button', { name: /^Maya L\./ }).click();
        await page.getByText('Maya L. can be let in now. Who does it?').waitFor();
      },
      call: 'liftPause',
      given: (read) => ({ staffId: scene.idOf(1), by: { read } }),
    },
    'giving a badge': {
      show: () => showBadges(core),
      reach: async () => {
        await goToBadges(page);
        await page.getByRole('button', { name: /^Tom Okafor/ }).click();
        await heading(page, 'Tom Okafor: badges');
      },
      call: 'readBadge',
      given: own,
    },
    'leaving the kiosk': {
      show: () => core.show('kiosk', scene.signedIn({ canLeave: true })),
      reach: async () => {
        await openHealth('Leave the kiosk');
        await page.getByText('or hold your badge to the reader').waitFor();
      },
      call: 'leaveKiosk',
      given: own,
    },
    'taking a copy of the journal': {
      show: async () => {
        await core.show('kiosk', scene.signedIn());
        showActivity(core);
      },
      reach: async () => {
        await openActivity(page);
        await page.getByRole('button', { name: 'Take a copy' }).click();
        await page.getByText('or hold your badge to the reader').waitFor();
      },
      call: 'beginExport',
      given: (read) => ({ filter: {}, format: 'csv', proof: { read } }),
    },
    'taking a list of locks': {
      show: () => core.show('kiosk', scene.signedIn()),
      reach: async () => {
        await openHealth('Take a list');
        await page.getByText('or hold your badge to the reader').waitFor();
      },
      call: 'exportLocks',
      given: (read) => ({ format: 'xlsx', language: 'en', proof: { read } }),
    },
  }));

describe('a second person', () => {
  it.beforeEach(({ core }) => showFirst(core, { needs: personOnly }));

  it('confirms by holding their badge to the reader, and whoever asked stays signed in', async ({
    core,
    page,
    inputsOf,
    hold,
    noneSignedIn,
  }) => {
    core.answer('whoseBadge', () => ok({ staffId: scene.idOf(3) }));
    await tapFirst(page);
    await heading(page, 'Maya Lindqvist asks to open Spirits cabinet 1');
    await hold();
    await page.getByText('Open · Maya with Priya', { exact: true }).waitFor();
    expect(inputsOf('whoseBadge')).toEqual([{ read: '90210' }]);
    expect(inputsOf('unlock')).toEqual([{ serialNumber, asked: { approval: { read: '90210' } } }]);
    noneSignedIn();
  });

  it('is told what is wrong with their badge, and can enter their PIN instead', async ({
    core,
    page,
    inputsOf,
    hold,
    noneSignedIn,
  }) => {
    core.answer('whoseBadge', () => fail('badge.unknown'));
    await tapFirst(page);
    await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    await hold();
    await page.getByRole('status').filter({ hasText: 'This badge is not known here.' }).waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    await page.getByRole('button', { name: 'Priya R.' }).click();
    await page.getByText('PIN of Priya R.').waitFor();
    await page.keyboard.type('2468', { delay: 90 });
    expect(await page.getByText('This badge is not known here.').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByText('Open · Maya with Priya', { exact: true }).waitFor();
    noneSignedIn();
  });

  it('who is the first is refused in the sheet, which goes on', async ({
    core,
    page,
    hold,
    noneSignedIn,
  }) => {
    core.answer('whoseBadge', () => ok({ staffId: scene.idOf(1) }));
    core.answer('unlock', () => fail('rights.same_person'));
    await tapFirst(page);
    await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    await hold();
    await page.getByRole('status').filter({ hasText: 'somebody else' }).first().waitFor();
    await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    noneSignedIn();
  });
});

describe('badge and PIN', () => {
  it('whoever is signed in by PIN shows their badge, then goes on to the reason', async ({
    core,
    page,
    inputsOf,
    hold,
    noneSignedIn,
  }) => {
    await showFirst(core, { needs: { secondPerson: false, reasons: { choices }, proof: 'badge' } });
    core.answer('proveSelf', () => fail('badge.not_yours'));
    await tapFirst(page);
    await heading(page, 'Hold your badge to the reader');
    await hold();
    await page.getByText('That is not your badge.').waitFor();
    core.answer('proveSelf', () => {
      void showFirst(core, { needs: { secondPerson: false, reasons: { choices } } });
      return ok(null);
    });
    await hold('77001122');
    await page.getByRole('button', { name: 'Customer wants to see it' }).click();
    await expect
      .poll(() => inputsOf('unlock'))
      .toEqual([{ serialNumber, asked: { reason: { code: 'customer' } } }]);
    expect(inputsOf('proveSelf')).toEqual([{ read: '90210' }, { read: '77001122' }]);
    noneSignedIn();
  });

  it('whoever is signed in by badge enters their PIN, and it opens', async ({ core, page, inputsOf }) => {
    await showFirst(core, { needs: { secondPerson: false, reasons: null, proof: 'pin' } });
    core.answer('proveSelf', () => {
      void showFirst(core, { needs: null });
      return ok(null);
    });
    await tapFirst(page);
    await heading(page, 'Enter your PIN, too');
    await page.keyboard.type('2468', { delay: 90 });
    await page.keyboard.press('Enter');
    await expect.poll(() => inputsOf('unlock')).toEqual([{ serialNumber, asked: {} }]);
    expect(inputsOf('proveSelf')).toEqual([{ pin: '2468' }]);
  });
});

it('a manager holds their badge to the reader to let a paused person in, and is not signed in', async ({
  core,
  page,
  inputsOf,
  hold,
  noneSignedIn,
}) => {
  const lockedUntil = scene.sceneNow + 90_000;
  const people = scene.staff.slice(2).map(({ staffId, name }) => ({ staffId, name }));
  core.answer('whoMayLift', () => ok({ people }));
  core.answer('liftPause', () => fail('rights.not_permitted'));
  await core.show(
    'kiosk',
    scene.kiosk({ staff: scene.staff.map((one, at) => (at === 0 ? { ...one, lockedUntil } : one)) }),
  );
  await page.getByRole('button', { name: /^Maya L\./ }).click();
  await page.getByText('Maya L. can be let in now. Who does it?').waitFor();
  await hold('11111');
  await page.getByRole('status').filter({ hasText: 'role' }).first().waitFor();
  core.answer('liftPause', () => {
    void core.show('kiosk', scene.kiosk());
    return ok(null);
  });
  await hold();
  await page.getByText('The pause is over. Enter your PIN.').waitFor();
  expect(inputsOf('liftPause')).toEqual([
    { staffId: scene.idOf(1), by: { read: '11111' } },
    { staffId: scene.idOf(1), by: { read: '90210' } },
  ]);
  noneSignedIn();
});

it.for(sheetNames)(
  'a reader that types like a US keyboard is understood on US, French and German layouts by %s',
  async (name, { core, page, keyboard, inputsOf, noneSignedIn, sheets }) => {
    const sheet = sheets[name];
    core.answer(sheet.call, () => fail('badge.unreadable'));
    await sheet.show();
    await sheet.reach();
    const numbers = ['zy90210', 'aq90211', 'wz90212'];
    for (const [at, layout] of Object.values(keyboardLayouts).entries()) {
      await presentBadge(keyboard, numbers[at] ?? '', layout);
      await expect.poll(() => inputsOf(sheet.call).length).toBe(at + 1);
      // What was wrong is said before the next is held to it.
      await page.getByText('That was no badge.').first().waitFor();
    }
    expect(inputsOf(sheet.call)).toEqual(numbers.map(sheet.given));
    noneSignedIn();
  },
);
