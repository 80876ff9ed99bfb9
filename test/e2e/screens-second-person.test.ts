/** A second person confirms what one asks to open, in the same sheet, with their own PIN: one lock, or a whole group at once. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { leadsPageTest } from './leads-page.ts';
import { heading, tapFirst } from './screens-common.ts';
import { both, inRole, opens, personOnly, showFirst, whoMay } from './screens-rights.ts';

const serialNumber = scene.serialOf(1);

const it = leadsPageTest()
  .extend(
    'needs',
    ({ core }) =>
      (one: LockTile['needs']) =>
        showFirst(core, { needs: one }),
  )
  .extend('open', ({ sheet }) => sheet.getByRole('button', { name: 'Open', exact: true }))
  .extend('dots', ({ sheet }) => sheet.getByRole('img', { name: /entered$/ }))
  .extend('toPin', ({ page, button }) => async (): Promise<void> => {
    await tapFirst(page);
    await button('Priya R.').click();
    await page.getByText('PIN of Priya R.').waitFor();
  });

describe('a second person', () => {
  it('is told who asks for what and why, confirms with their PIN, and the end names both', async ({
    page,
    inputsOf,
    sheet,
    button,
    needs,
    type,
    open,
  }) => {
    await needs(both);
    await tapFirst(page);
    await button('Customer wants to see it').click();
    await heading(page, 'Maya Lindqvist asks to open Spirits cabinet 1');
    await sheet.getByText('Customer wants to see it').waitFor();
    await sheet.getByRole('timer').waitFor();
    await button('Priya R.').click();
    await page.getByText('PIN of Priya R.').waitFor();
    await type('246');
    expect(await open.isDisabled()).toBe(true);
    await type('8');
    await open.click();
    await sheet.getByText('Open · Maya with Priya', { exact: true }).waitFor();
    const approval = { staffId: scene.idOf(3), pin: '2468' };
    expect(inputsOf('unlock')).toEqual([{ serialNumber, asked: { reason: { code: 'customer' }, approval } }]);
    // Whoever asked is still signed in.
    expect(inputsOf('signOut')).toEqual([]);
    expect(inputsOf('signIn')).toEqual([]);
  });

  it('is told of a wrong PIN as at sign-in, and what was entered is not there any more', async ({
    core,
    page,
    inputsOf,
    sheet,
    needs,
    type,
    dots,
    toPin,
  }) => {
    await needs(personOnly);
    core.answer('unlock', () => fail('staff.wrong_pin', { attemptsLeft: 2 }));
    await toPin();
    await type('1357');
    await page.keyboard.press('Enter');
    await page.getByText('2 tries are left before a pause.').waitFor();
    await expect.poll(() => dots.getAttribute('aria-label')).toBe('No digits entered');
    expect(await dots.getAttribute('class')).toContain('wrong');
    expect(await page.getByText('Not opened').count()).toBe(0);
    opens(core);
    await type('2468');
    expect(await page.getByText('2 tries are left before a pause.').count()).toBe(0);
    await page.keyboard.press('Enter');
    await sheet.getByText('Open · Maya with Priya').waitFor();
    expect(inputsOf('unlock')).toHaveLength(2);
  });

  it('enters a PIN that goes with one opening alone: another try asks anew', async ({
    core,
    page,
    inputsOf,
    button,
    needs,
    type,
    dots,
    toPin,
  }) => {
    await needs(personOnly);
    core.answer('unlock', () =>
      ok({ kind: 'not_open', error: { code: 'lock.link_lost', params: { serialNumber } } }),
    );
    await toPin();
    await type('2468');
    await page.keyboard.press('Enter');
    await button('Try again').click();
    await button('Tom O.').click();
    await expect.poll(() => dots.getAttribute('aria-label')).toBe('No digits entered');
    expect(inputsOf('unlock')).toHaveLength(1);
  });

  it('has no half of a PIN left behind by one who was chosen before them', async ({
    page,
    button,
    needs,
    type,
    dots,
    toPin,
  }) => {
    await needs(personOnly);
    await toPin();
    await type('24');
    await button('Someone else').click();
    await button('Tom O.').click();
    await page.getByText('PIN of Tom O.').waitFor();
    expect(await dots.getAttribute('aria-label')).toBe('No digits entered');
  });

  it.for([
    ['rights.same_person', 'That is you. It has to be somebody else.'],
    ['rights.may_not_approve', 'This person may not confirm it.'],
  ] as const)(
    '%s is said where the PIN is entered',
    async ([code, words], { core, page, sheet, needs, type, open, toPin }) => {
      await needs(personOnly);
      core.answer('unlock', () => fail(code));
      await toPin();
      await type('2468');
      await open.click();
      await sheet.getByText(words, { exact: true }).waitFor();
      await page.getByText('PIN of Priya R.').waitFor();
    },
  );

  it('is told apart from others of the same name by their number, over the PIN, too', async ({
    core,
    page,
    needs,
  }) => {
    await needs(personOnly);
    const staff = scene.staff.map((one, at) => ({
      ...one,
      name: at > 0 ? 'Tom Okafor' : one.name,
      employeeNumber: `${at + 7000}`,
    }));
    await core.show('kiosk', scene.kiosk({ ...inRole('lead'), staff }));
    await tapFirst(page);
    await page.getByRole('button', { name: /Tom O\.\s*7002/ }).click();
    await page.getByText('PIN of Tom O. (7002)', { exact: true }).waitFor();
  });

  it('whose PIN is paused enters none until that is over', async ({
    core,
    page,
    needs,
    type,
    open,
    dots,
    toPin,
  }) => {
    await needs(personOnly);
    await toPin();
    const staff = scene.kiosk().staff.map((one) => ({ ...one, lockedUntil: scene.sceneNow + 119_000 }));
    await core.show('kiosk', { ...inRole('lead'), staff });
    await page.getByText(/^Their PIN is taken again in 1:/).waitFor();
    await type('2468');
    expect(await open.isDisabled()).toBe(true);
    expect(await dots.getAttribute('aria-label')).toBe('No digits entered');
  });

  it('who does not come within two minutes leaves it locked, and can be asked again', async ({
    core,
    page,
    inputsOf,
    sheet,
    button,
    needs,
    type,
    dots,
    toPin,
  }) => {
    await needs(personOnly);
    await toPin();
    await type('246');
    await button('8').click();
    await core.show('kiosk', { ...inRole('lead'), now: scene.sceneNow + 121_000 });
    await page.getByText('Nobody confirmed within two minutes. Still locked.').waitFor();
    // The key of the pad that had the focus is gone; the step is read from its beginning.
    await expect.poll(() => sheet.locator('h2:focus').count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(inputsOf('unlock')).toEqual([]);
    await button('Ask again').click();
    await page.getByText('PIN of Priya R.').waitFor();
    expect(await dots.getAttribute('aria-label')).toBe('No digits entered');
  });

  it('is missing where nobody else may: that is said, and it stays locked', async ({
    core,
    page,
    needs,
    open,
  }) => {
    await needs(personOnly);
    whoMay(core, [1], []);
    await tapFirst(page);
    await page.getByText('Nobody else here may confirm it now. It stays locked.').waitFor();
    expect(await open.count()).toBe(0);
  });

  it('is asked for where the kiosk wants one that the tile did not say', async ({
    core,
    page,
    sheet,
    button,
    needs,
    type,
    open,
  }) => {
    await needs(null);
    core.answer('unlock', () => {
      void needs(personOnly);
      return fail('rights.second_person_needed');
    });
    await tapFirst(page);
    await heading(page, 'Maya Lindqvist asks to open Spirits cabinet 1');
    opens(core);
    await button('Tom O.').click();
    await page.getByText('PIN of Tom O.').waitFor();
    await type('2468');
    await open.click();
    await sheet.getByText('Open · Maya with Tom').waitFor();
  });
});

it('a keyboard alone does all of it', async ({ page, sheet, button, needs, type }) => {
  await needs(both);
  await page.getByRole('button', { name: /^Open Spirits cabinet 1.*A second person confirms it/ }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Why is it opened?');
  // What was pressed on the tile presses nothing of what comes.
  await page.waitForTimeout(700);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await heading(page, 'Maya Lindqvist asks to open Spirits cabinet 1');
  await button('Tom O.').waitFor();
  await page.waitForTimeout(700);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('PIN of Tom O.').waitFor();
  await type('2468');
  await page.keyboard.press('Enter');
  await sheet.getByText('Open · Maya with Tom').waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
});

describe('a whole group', () => {
  it('is asked for once', async ({ core, page, inputsOf, button, type, open }) => {
    const locks = scene.locks().map((lock, at) => (at < 2 ? { ...lock, needs: both } : lock));
    await core.show('locks', { locks, foreign: [] });
    core.answer('unlockGroup', () => fail('staff.wrong_pin', { attemptsLeft: 2 }));
    await page.getByRole('button', { name: /^Open all 2/ }).click();
    await button('Open 2').click();
    await button('Restocking').click();
    await heading(page, 'Maya Lindqvist asks to open 2 locks of Spirits');
    await button('Priya R.').click();
    await page.getByText('PIN of Priya R.').waitFor();
    await type('1357');
    await open.click();
    await page.getByText('2 tries are left before a pause.').waitFor();
    const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;
    core.answer('unlockGroup', () => {
      const ended = locks.slice(0, 2).map(({ serialNumber: one, name }) => ({
        serialNumber: one,
        name,
        working: false,
        end,
        bolt: 'open' as const,
      }));
      void core.show('group', { run: { runId: scene.idOf(700), over: true, locks: ended } });
      return ok(null);
    });
    await type('2468');
    await open.click();
    await page.getByText('2 of 2 opened · Maya with Priya').waitFor();
    const asked = (pin: string) => ({
      serialNumbers: [scene.serialOf(1), scene.serialOf(2)],
      asked: { reason: { code: 'restock' }, approval: { staffId: scene.idOf(3), pin } },
    });
    expect(inputsOf('unlockGroup')).toEqual([asked('1357'), asked('2468')]);
    expect(inputsOf('unlock')).toEqual([]);
  });
});
