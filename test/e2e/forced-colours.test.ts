/** Where the system forces its own colours, what is chosen, filled or done still looks another way than what is not: in pixels. */
import type { Locator } from 'playwright-core';
import { describe, expect } from 'vitest';
import { fail } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
})
  /**
   * The shares of the pixels of a picture of `what` that are near white, near black, or neither, in tenths: other words change them
   * little, a filled ground changes them altogether.
   */
  .extend('look', ({ page }) => async (what: Locator): Promise<string> => {
    const picture = (await what.screenshot()).toString('base64');
    return String(
      await page.evaluate(`(async () => {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob('${picture}'), (c) => c.charCodeAt(0))]));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      const counts = { light: 0, dark: 0, other: 0 };
      for (let at = 0; at < data.length; at += 4) {
        const sum = data[at] + data[at + 1] + data[at + 2];
        counts[sum > 690 ? 'light' : sum < 75 ? 'dark' : 'other'] += 1;
      }
      return Object.entries(counts).map(([name, count]) => name + Math.round((10 * count * 4) / data.length)).join(' ');
    })()`),
    );
  });

describe.each(['light', 'dark'] as const)('forced colours on a %s ground', (colorScheme) => {
  it.beforeEach(({ page }) => page.emulateMedia({ forcedColors: 'active', colorScheme }));

  it('tell the chosen group', async ({ page, look }) => {
    const chip = page.getByRole('button', { name: 'Spirits', exact: true });
    const before = await look(chip);
    await chip.click();
    await page.mouse.move(0, 0);
    expect(await look(chip)).not.toBe(before);
  });

  it('tell a ticked lock from one that is not', async ({ page, look }) => {
    await page.getByRole('button', { name: '2 new locks' }).click();
    const boxes = page.locator('.box');
    await boxes.first().waitFor();
    const before = await look(boxes.nth(0));
    await page.getByRole('checkbox').nth(0).check({ force: true });
    await page.getByRole('heading', { name: 'New locks' }).focus();
    expect(await look(boxes.nth(0))).not.toBe(before);
    expect(await look(boxes.nth(1))).toBe(before);
  });

  it('tell the digits that were entered', async ({ core, page, look }) => {
    await core.show('kiosk', scene.kiosk());
    core.answer('signIn', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    await page.getByRole('button', { name: 'Maya L.' }).click();
    const empty = await look(page.locator('.dots'));
    await page.keyboard.type('1');
    await page.getByLabel('One digit entered').waitFor();
    expect(await look(page.locator('.dots span'))).not.toBe(empty);
  });

  it('tell the theme and the sound that are set, and the button that is meant from the others', async ({
    page,
    look,
  }) => {
    await page.getByRole('button', { name: /^Ready/ }).click();
    const set = page.locator('label.chosen').first();
    const others = page.locator('fieldset').first().locator('label:not(.chosen)').first();
    expect(await look(set)).not.toBe(await look(others));
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: '2 new locks' }).click();
    await page.getByRole('button', { name: 'Tick all', exact: true }).click();
    const primary = page.getByRole('button', { name: 'Enrol these 2 locks' });
    await page.mouse.move(0, 0);
    expect(await look(primary)).not.toBe(await look(page.getByRole('button', { name: 'Untick all' })));
  });

  it('tell an open lock from a locked one', async ({ page, look }) => {
    const glyph = (name: string): Locator => page.locator('main li', { hasText: name }).locator('.glyph');
    await glyph('Perfume counter drawer').waitFor();
    expect(await look(glyph('Perfume counter drawer'))).not.toBe(
      await look(glyph('Perfume display, window side')),
    );
  });
});
