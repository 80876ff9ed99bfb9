/** A badge held to a reader, with key events as the browser gets them from a keyboard: who is signed in, and what is said otherwise. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { keyboardLayouts, presentBadge } from '#support/badge-reader.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading, tapFirst } from './screens-common.ts';
import { inRole, opens, showFirst, whoMay, withNumber } from './screens-rights.ts';

const it = kioskPageTest((kiosk) => kiosk.show('kiosk', scene.kiosk({ takesBadges: true })))
  .extend('keyboard', { auto: true }, async ({ page }) => {
    const keyboard = await page.context().newCDPSession(page);
    await heading(page, 'Choose your name');
    return keyboard;
  })
  /** As a US reader types it into a computer of that layout, without a pause. */
  .extend(
    'present',
    ({ keyboard }) =>
      (number: string, layout: keyof typeof keyboardLayouts = 'US') =>
        presentBadge(keyboard, number, keyboardLayouts[layout]),
  )
  .extend(
    'reads',
    ({ core }) =>
      (): unknown[] =>
        core.seen.flatMap(({ name, input }) => (name === 'signInByBadge' ? [input] : [])),
  );

describe('a badge', () => {
  it.for(['US', 'French', 'German'] as const)(
    'signs in from the list of names, nothing touched, on a %s layout',
    async (layout, { core, page, present, reads }) => {
      await page.getByText('Or hold your badge to the reader.').waitFor();
      core.answer('signInByBadge', () => {
        void core.show('kiosk', scene.signedIn());
        return ok(null);
      });
      await present('90zy0210', layout);
      await page.getByText('Maya Lindqvist').waitFor();
      expect(reads()).toEqual([{ read: '90zy0210' }]);
      // That of somebody else changes the person.
      const tom = { staffId: scene.idOf(2), name: 'Tom Okafor', idleAt: scene.sceneNow + 600_000 };
      core.answer('signInByBadge', () => {
        void core.show('kiosk', scene.signedIn({ session: tom }));
        return ok(null);
      });
      await present('0012345678', layout);
      await page.getByText('Tom Okafor').waitFor();
      expect(reads().at(-1)).toEqual({ read: '0012345678' });
    },
  );

  it('that nobody knows, or that is blocked, is said, and nobody is searched for', async ({
    core,
    page,
    present,
  }) => {
    await present('90210');
    await page.getByText('This badge is not known here. Use your PIN; a manager can add it.').waitFor();
    core.answer('signInByBadge', () => fail('badge.blocked'));
    await present('90210');
    await page.getByText('This badge is blocked.').waitFor();
    await page.getByRole('button', { name: /^Maya L\./ }).waitFor();
    // A person who types is searching.
    await page.keyboard.type('tom', { delay: 60 });
    await expect.poll(() => page.getByRole('button', { name: /^Maya L\./ }).count()).toBe(0);
  });

  it('that is refused once more, and by the same words, is seen to be', async ({ page, present }) => {
    const known = 'This badge is not known here.';
    await present('90210');
    const said = page.getByRole('status').filter({ hasText: known }).locator('> div');
    await said.waitFor();
    await page.evaluate(
      `for (const shown of document.querySelectorAll('[role=status] > div')) shown.dataset.before = '';`,
    );
    await present('90210');
    await page.locator('[role=status] > div:not([data-before])').filter({ hasText: known }).waitFor();
    expect(await said.count()).toBe(1);
  });

  it('of a product, while somebody is signed in, is no badge', async ({ core, page, present, reads }) => {
    await core.show('kiosk', scene.signedIn());
    await page.getByText('Maya Lindqvist').waitFor();
    for (let scans = 0; scans < 10; scans += 1) await present('4006381333931');
    await page.getByText('That is the barcode of a product, not a lock’s label.').waitFor();
    expect(reads()).toEqual([]);
    core.answer('signInByBadge', () => fail('badge.paused', { until: scene.sceneNow + 60_000 }));
    await present('4006381333930');
    await page.getByText('Too many badges that nobody knows.').waitFor();
    expect(reads()).toEqual([{ read: '4006381333930' }]);
    await present('4006381333931');
    await page.getByText('That is the barcode of a product, not a lock’s label.').waitFor();
  });
});

it.for(['US', 'French', 'German'] as const)(
  'a label, a receipt and a badge that confirms are understood on a %s layout, each where it is asked for',
  async (layout, { core, page, present, reads }) => {
    await core.show('kiosk', { ...inRole('lead'), takesBadges: true });
    await showFirst(core, { needs: { ...withNumber, secondPerson: true } });
    whoMay(core, [1], [2, 3]);
    opens(core);
    core.answer('whoseBadge', () => ok({ staffId: scene.idOf(2) }));
    await page.getByText('Maya Lindqvist').waitFor();
    await present(scene.serialOf(25), layout);
    await page.getByText('Stockroom cage 6 is shown.').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await tapFirst(page);
    await page.getByRole('button', { name: 'Return' }).click();
    await page.getByLabel('Receipt number').waitFor();
    await present('2026030400017', layout);
    await page.getByRole('button', { name: 'Priya R.' }).waitFor();
    await present('47zy11', layout);
    await page.getByText('Open · Maya with Tom').waitFor();
    const given = core.seen.flatMap(({ name, input }) => (name === 'unlock' ? [input] : []));
    expect(given).toEqual([
      {
        serialNumber: scene.serialOf(1),
        asked: { approval: { read: '47zy11' }, reason: { code: 'return', number: '2026030400017' } },
      },
    ]);
    expect(reads()).toEqual([]);
  },
);
