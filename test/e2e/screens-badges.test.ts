/** A manager gives and blocks badges at the screen, with a reader that types. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { sameReadMs } from '#shared/badges/same-read.ts';
import { presentBadge } from '#support/badge-reader.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { goToBadges, showBadges } from './screens-badges.ts';
import { heading } from './screens-common.ts';

const tom = scene.idOf(2);

const it = kioskPageTest(showBadges)
  .extend('keyboard', ({ page }) => page.context().newCDPSession(page))
  .extend(
    'hold',
    ({ keyboard }) =>
      (number: string) =>
        presentBadge(keyboard, number),
  )
  .extend(
    'said',
    ({ page }) =>
      (text: string) =>
        page.getByRole('status').filter({ hasText: text }).first().waitFor(),
  )
  .extend(
    'readAs',
    ({ core }) =>
      (holder: { staffId: string; blocked: boolean } | null) =>
        core.answer('readBadge', () => ok({ badgeId: '3333333333333333', holder })),
  )
  .extend('goToTom', ({ page }) => async (): Promise<void> => {
    await goToBadges(page);
    await page.getByRole('button', { name: /^Tom Okafor/ }).click();
    await heading(page, 'Tom Okafor: badges');
  });

describe('who may manage badges', () => {
  it('gives one by holding it to the reader twice, and the first time changes nothing', async ({
    core,
    page,
    hold,
    inputsOf,
    said,
    readAs,
    goToTom,
  }) => {
    readAs(null);
    core.answer('assignBadge', () => ok(null));
    await goToTom();
    await hold('90210');
    await said('This badge is nobody’s. Hold it to the reader once more to give it to Tom Okafor.');
    expect(inputsOf('assignBadge')).toEqual([]);
    // Within a second it would be the reader that sends it twice; a third time would ask anew.
    await page.waitForTimeout(sameReadMs);
    await hold('90210');
    await said('The badge now signs Tom Okafor in');
    expect(inputsOf('assignBadge')).toEqual([{ staffId: tom, read: '90210' }]);
    expect(inputsOf('signInByBadge')).toEqual([]);
  });

  it('goes one step back with Escape, as with Back', async ({ page, goToTom }) => {
    await goToTom();
    await page.keyboard.press('Escape');
    await heading(page, 'Badges');
    await page.keyboard.press('Escape');
    await heading(page, 'Health');
  });

  it('is told whose it is, and somebody else’s is not given', async ({
    hold,
    inputsOf,
    said,
    readAs,
    goToTom,
  }) => {
    readAs({ staffId: scene.idOf(3), blocked: false });
    await goToTom();
    await hold('90210');
    await said('This is a badge of Priya Raman. Nothing was changed.');
    readAs({ staffId: scene.idOf(3), blocked: true });
    await hold('90210');
    await said('This badge was blocked as that of Priya Raman, and stays theirs.');
    expect(inputsOf('assignBadge')).toEqual([]);
  });

  it('finds a person by their badge, which is marked', async ({ core, page, hold }) => {
    core.answer('readBadge', () =>
      ok({ badgeId: '2222222222222222', holder: { staffId: tom, blocked: false } }),
    );
    await goToBadges(page);
    await hold('90210');
    await heading(page, 'Tom Okafor: badges');
    await page.getByText('Held to the reader just now').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Held to' }).textContent()).toMatch(/Badge 2/);
  });

  it('blocks one, or all, with the keyboard alone', async ({ core, page, inputsOf, said, goToTom }) => {
    core.answer('blockBadges', () => ok(null));
    await goToTom();
    await page.getByRole('button', { name: 'Block badge 2' }).focus();
    await page.keyboard.press('Enter');
    await said('Blocked: here at once');
    await page.getByRole('button', { name: 'Block all' }).press('Enter');
    await expect
      .poll(() => inputsOf('blockBadges'))
      .toEqual([{ staffId: tom, badgeId: '2222222222222222' }, { staffId: tom }]);
    expect(await page.getByRole('button', { name: 'Block badge 1' }).count()).toBe(0);
  });

  it('reads why nothing was done', async ({ core, page, hold, said, goToTom }) => {
    core.answer('blockBadges', () => fail('storage.disk_full'));
    core.answer('readBadge', () => fail('badge.no_key'));
    await goToTom();
    await page.getByRole('button', { name: 'Block all' }).click();
    await page.getByText('disk').first().waitFor();
    await hold('90210');
    await said('This kiosk takes no badges yet.');
  });
});

it('who may not finds no way to badges', async ({ core, page }) => {
  const session = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 600_000 };
  await core.show('kiosk', scene.kiosk({ session: { ...session, permissions: ['open', 'identify'] } }));
  await page.getByRole('button', { name: /Ready/ }).click();
  await heading(page, 'Health');
  expect(await page.getByRole('button', { name: 'Give or block badges' }).count()).toBe(0);
});
