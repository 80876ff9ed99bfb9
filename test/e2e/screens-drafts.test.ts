/** What a person has begun is there when they come back, and nobody is signed out without a word. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading, holdClock } from './screens-common.ts';

const asNow = (who: number, name: string) =>
  scene.signedIn({ session: { staffId: scene.idOf(who), name, idleAt: scene.sceneNow + 600_000 } });

const it = kioskPageTest((kiosk) => kiosk.show('newLocks', scene.newLocks()))
  .extend('toNewLocks', ({ page }) => async (): Promise<void> => {
    await page.getByRole('button', { name: '2 new locks' }).click();
    await heading(page, 'New locks');
  })
  .extend(
    'nameOf',
    ({ page }) =>
      (n: number) =>
        page.getByLabel(`Name of lock 0000 051a 0000 00a${n}`),
  );

describe('an enrolment that was begun', () => {
  it('survives Back and an idle sign-out, for its own person and for nobody else', async ({
    core,
    page,
    toNewLocks,
    nameOf,
  }) => {
    await toNewLocks();
    await page.getByRole('button', { name: 'Tick all' }).click();
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    await nameOf(1).fill('Whisky case');
    await page.getByLabel('Group', { exact: true }).fill('Spirits');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    expect(await nameOf(1).inputValue()).toBe('Whisky case');

    await core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));
    await page.getByText('What was begun under New locks is kept.').waitFor();
    // They come back to where they were.
    await core.show('kiosk', asNow(1, 'Maya Lindqvist'));
    await nameOf(1).waitFor();
    expect(await nameOf(1).inputValue()).toBe('Whisky case');
    await core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));
    await page.getByText('What was begun under New locks is kept.').waitFor();
    await core.show('kiosk', asNow(2, 'Tom Okafor'));
    await toNewLocks();
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await core.show('kiosk', asNow(1, 'Maya Lindqvist'));
    await toNewLocks();
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    expect(await nameOf(1).inputValue()).toBe('Whisky case');
    expect(await page.getByLabel('Group', { exact: true }).inputValue()).toBe('Spirits');

    // What is being added is no draft any more.
    core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
    await page.getByRole('button', { name: 'Add 2 locks' }).click();
    await page.getByText('nothing more to do here').waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
  });
});

describe('a person who touches nothing', () => {
  it('finds the sheet that was open when they come back next; whoever else comes does not', async ({
    core,
    page,
  }) => {
    await core.show('locks', { locks: scene.locks(), foreign: [] });
    const more = page.getByRole('button', { name: /Spirits cabinet 1/ }).last();
    const sheet = page.getByRole('dialog').getByRole('heading', { name: /Spirits cabinet 1/ });
    const idleOut = async (): Promise<void> => {
      await core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));
      await heading(page, 'Choose your name');
    };
    await more.click();
    await sheet.waitFor();
    await idleOut();
    await core.show('kiosk', asNow(1, 'Maya Lindqvist'));
    await sheet.waitFor();
    await idleOut();
    await core.show('kiosk', asNow(2, 'Tom Okafor'));
    await more.waitFor();
    expect(await sheet.count()).toBe(0);
  });

  it('is asked by name 25 seconds before, and the screen says afterwards why it is signed out', async ({
    core,
    page,
  }) => {
    const idleAt = scene.sceneNow + 24_000;
    const session = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt };
    await holdClock(page);
    await core.show('kiosk', scene.signedIn({ session }));
    await page.getByText('Still there, Maya Lindqvist? Signing out in 24 s', { exact: true }).waitFor();
    await core.show('kiosk', scene.kiosk({ now: idleAt, idledOut: scene.idOf(1) }));
    await page.getByText('Maya L. was signed out because nobody touched the screen.').waitFor();
    // Nothing was begun.
    expect(await page.getByText('is kept').count()).toBe(0);
    await core.show('kiosk', asNow(2, 'Tom Okafor'));
    await page.getByRole('button', { name: '2 new locks' }).waitFor();
    // Whoever leaves by themselves is not told so, at whatever time.
    await core.show('kiosk', scene.kiosk({ now: scene.sceneNow + 600_000 }));
    await heading(page, 'Choose your name');
    expect(await page.getByText('was signed out because').count()).toBe(0);
  });
});
