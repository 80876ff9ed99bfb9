/** A lock's name and group are put right where somebody sees that they are wrong: in its details. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { layoutFaults } from './layout.ts';
import { sheetPageTest } from './sheet-page.ts';

const it = sheetPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('enrolments', scene.enrolments());
})
  .extend(
    'field',
    ({ sheet }) =>
      (name: string) =>
        sheet.getByRole('textbox', { name }),
  )
  .extend('toNaming', ({ page, sheet, field, button }) => async (): Promise<void> => {
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await button('Rename or regroup').click();
    await field('Name').waitFor();
    // What is pressed in the moment in which it appears is taken for a slip.
    await sheet.locator('.settled').waitFor();
  })
  .extend(
    'renamed',
    ({ core }) =>
      () =>
        core.seen.filter(({ name }) => name === 'renameLock').map(({ input }) => input),
  );

it.afterEach(async ({ tab, page }) => {
  expect(await tab.violations()).toEqual([]);
  expect(await layoutFaults(page)).toEqual([]);
});

it('is renamed and regrouped from its details, and told that the others will see it', async ({
  core,
  page,
  sheet,
  field,
  button,
  says,
  toNaming,
  renamed,
}) => {
  core.answer('renameLock', ({ name, group }) => {
    const [first, ...others] = scene.locks();
    void core.show('locks', { locks: [{ ...first!, name, group }, ...others], foreign: [] });
    return ok(null);
  });
  await toNaming();
  await says('Every kiosk of this store shows it.');
  await field('Name').fill('Gin cabinet');
  await button('Razors').click();
  await page.keyboard.press('Enter');
  await button('Save').click();
  await says('Saved. The other kiosks show it within moments.');
  await sheet.getByRole('heading', { name: 'Gin cabinet' }).waitFor();
  expect(renamed()).toEqual([{ serialNumber: scene.serialOf(1), name: 'Gin cabinet', group: 'Razors' }]);
});

it('says offline when the others will see it, and why nothing was saved', async ({
  core,
  page,
  sheet,
  field,
  button,
  says,
  toNaming,
}) => {
  await core.show('health', scene.offline());
  core.answer('renameLock', () => fail('storage.disk_full'));
  await toNaming();
  await says('This kiosk shows it at once, the others after it has been online.');
  await field('Name').fill('Gin cabinet');
  await field('Name').press('Enter');
  await says('disk is full');
  expect(await field('Name').inputValue()).toBe('Gin cabinet');
  await page.keyboard.press('Escape');
  await button('Rename or regroup').waitFor();
  expect(await sheet.getByText('Saved').count()).toBe(0);
});

it('says while one types that another lock of the group is called that, and that a lock needs a name', async ({
  field,
  button,
  says,
  toNaming,
  renamed,
}) => {
  await toNaming();
  await field('Name').fill('spirits cabinet 2');
  await says('Another lock of this group is called “spirits cabinet 2”, too.');
  await field('Group').fill('Razors');
  await says('Every kiosk of this store shows it.');
  await field('Name').fill(' ');
  await says('Give the lock a name.');
  expect(await button('Save').isDisabled()).toBe(true);
  await button('Cancel').click();
  await button('Rename or regroup').waitFor();
  expect(renamed()).toEqual([]);
});

it('can be named with a finger alone, on a small screen too', async ({
  core,
  page,
  sheet,
  field,
  button,
  says,
  toNaming,
  renamed,
}) => {
  core.answer('renameLock', () => ok(null));
  await toNaming();
  const keys = sheet.getByRole('group', { name: 'Keyboard on the screen' });
  for (const size of [
    { width: 1280, height: 800 },
    { width: 819, height: 614 },
  ]) {
    await page.setViewportSize(size);
    await field('Name').dispatchEvent('pointerdown', { bubbles: true, pointerType: 'touch' });
    await field('Name').focus();
    await field('Name').selectText();
    for (const key of ['g', 'i', 'n'])
      await keys.getByRole('button', { name: new RegExp(`^${key}$`, 'i') }).click();
    expect(await field('Name').inputValue()).toBe('gin');
    expect(await layoutFaults(page)).toEqual([]);
    const above = (await keys.boundingBox())?.y ?? 0;
    const typed = await field('Name').boundingBox();
    expect((typed?.y ?? 0) + (typed?.height ?? Infinity)).toBeLessThanOrEqual(above);
  }
  expect(await page.getByRole('group', { name: 'Keyboard on the screen', includeHidden: true }).count()).toBe(
    1,
  );
  await keys.getByRole('button', { name: 'Done' }).click();
  await button('Save').click();
  await says('Saved. The other kiosks show it within moments.');
  expect(renamed()).toEqual([{ serialNumber: scene.serialOf(1), name: 'gin', group: 'Spirits' }]);
});
