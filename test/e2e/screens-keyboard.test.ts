/** A counter with a finger and nothing else: every field can be filled in. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { dictionaries } from '#support/dictionaries.ts';
import { layoutFaults } from './layout.ts';
import { tapFirst } from './screens-common.ts';
import { showFirst, withNumber } from './screens-rights.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
})
  .extend('keyboard', ({ page }) => page.getByRole('group', { name: 'Keyboard on the screen' }))
  /** Whole, above the keyboard, and not scrolled away. */
  .extend('inSight', ({ keyboard }) => async (around: Locator, what: Locator): Promise<boolean> => {
    const [area, box, keys] = await Promise.all([around, what, keyboard].map((one) => one.boundingBox()));
    if (!area || !box || !keys) return false;
    const end = Math.min(area.y + area.height, keys.y) + 1;
    return box.y >= area.y - 1 && box.y + box.height <= end;
  })
  /** As a finger does: the pointer says what it is, and the focus follows. */
  .extend('touch', ({ page }) => async (label: string): Promise<void> => {
    const field = page.getByLabel(label, { exact: true });
    await field.waitFor();
    await field.dispatchEvent('pointerdown', { bubbles: true, pointerType: 'touch' });
    await field.focus();
  })
  .extend('write', ({ keyboard }) => async (text: string): Promise<void> => {
    for (const key of text) {
      await keyboard
        .getByRole('button', { name: key === ' ' ? 'Space' : new RegExp(`^${key}$`, 'i') })
        .click();
    }
  });

it('rises with a field that a finger has touched, writes into it, and covers nothing', async ({
  tab,
  page,
  keyboard,
  touch,
  write,
}) => {
  await touch('Search locks');
  await write('Game');
  await page.getByRole('button', { name: /^Open Game consoles/ }).waitFor();
  expect(await page.locator('main li').count()).toBe(1);
  await keyboard.getByRole('button', { name: 'Erase' }).click();
  expect(await page.getByLabel('Search locks').inputValue()).toBe('Gam');
  expect(await layoutFaults(page)).toEqual([]);
  expect(await tab.violations()).toEqual([]);
  const above = (await keyboard.boundingBox())?.y ?? 0;
  const main = await page.locator('main').boundingBox();
  expect((main?.y ?? 0) + (main?.height ?? Infinity)).toBeLessThanOrEqual(above + 1);
  await keyboard.getByRole('button', { name: 'Done' }).click();
  await keyboard.waitFor({ state: 'detached' });
});

it('has the signs and the letters of the neighbours one key away, and goes back to the letters with a space', async ({
  tab,
  page,
  keyboard,
  touch,
  write,
}) => {
  await touch('Search locks');
  await keyboard.getByRole('button', { name: 'Signs and further letters' }).click();
  await write('é,');
  expect(await layoutFaults(page)).toEqual([]);
  expect(await tab.violations()).toEqual([]);
  await write(' l');
  expect(await page.getByLabel('Search locks').inputValue()).toBe('É, l');
});

it('is enough to set a kiosk up', async ({ core, page, keyboard, touch, write }) => {
  await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
  core.answer('registerKiosk', () => ok(null));
  await touch('Registration code');
  await write('A');
  await write('bcdefghjklmnpqr'.slice(0, 15));
  await touch('Name of this kiosk');
  for (let left = 'Front counter'.length; left > 0; left -= 1)
    await keyboard.getByRole('button', { name: 'Erase' }).click();
  await write('counter 2');
  await keyboard.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Set up', exact: true }).click();
  await expect
    .poll(() => core.seen.find(({ name }) => name === 'registerKiosk')?.input)
    .toEqual({ code: 'ABCD-EFGH-JKLM-NPQR', name: 'Counter 2' });
  // Whoever does that is there.
  const told = core.seen.filter(({ name }) => name === 'touch').map(({ input }) => input);
  expect(new Set(told)).toEqual(new Set([null]));
});

/** Where something is typed, and how one gets there with a finger. */
const typedOn: Readonly<Record<string, (to: { core: FakeCore; page: Page }) => Promise<void>>> = {
  'the Counter': ({ page }) => page.getByLabel('Search locks').waitFor(),
  'set-up': async ({ core, page }) => {
    await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
    await page.getByLabel('Registration code').fill('abcd efgh jklm npqr');
  },
  'set-up that was refused': async ({ core, page }) => {
    await typedOn['set-up']?.({ core, page });
    core.answer('registerKiosk', () => fail('sync.registration_refused'));
    await page.getByRole('button', { name: 'Set up', exact: true }).click();
    await page.getByText('That registration code was not accepted.').waitFor();
  },
  'New locks': async ({ page }) => {
    await page.getByRole('button', { name: '2 new locks' }).click();
    await page.getByRole('button', { name: 'Tick all' }).click();
  },
  'naming new locks': async ({ core, page }) => {
    await typedOn['New locks']?.({ core, page });
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    await page.getByLabel('Group', { exact: true }).waitFor();
  },
  'renaming a lock': async ({ page }) => {
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByRole('button', { name: 'Rename or regroup' }).click();
    await page.getByRole('textbox', { name: 'Name' }).waitFor();
  },
  'the number of a receipt': async ({ core, page }) => {
    await showFirst(core, { needs: withNumber });
    await tapFirst(page);
    await page.getByRole('button', { name: 'Return' }).click();
    await page.getByLabel('Receipt number').waitFor();
  },
};

it.for(Object.keys(typedOn))(
  'leaves the field and the button of %s in sight',
  async (where, { core, page, sheet, keyboard, inSight }) => {
    await typedOn[where]?.({ core, page });
    const around = (await sheet.count()) > 0 ? sheet : page.locator('main');
    const fields = around.locator('input:not([type=checkbox])');
    // What a form or a foot is for stands last in it; a search has none.
    const button = around.locator('form button[type=submit], .foot button').last();
    for (const size of [
      { width: 1024, height: 768 },
      { width: 1280, height: 800 },
    ]) {
      await page.setViewportSize(size);
      for (const field of await fields.all()) {
        await field.dispatchEvent('pointerdown', { bubbles: true, pointerType: 'touch' });
        await field.focus();
        await keyboard.waitFor();
        await expect.poll(() => inSight(around, field), { message: `${size.width}: the field` }).toBe(true);
        if ((await button.count()) > 0)
          await expect
            .poll(() => inSight(around, button), { message: `${size.width}: the button` })
            .toBe(true);
        expect(await layoutFaults(page)).toEqual([]);
      }
    }
  },
);

it('a button that is tapped while it stands there is pressed, though it goes and the button moves', async ({
  core,
  page,
  keyboard,
  touch,
  write,
}) => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(700) }));
  await page.getByRole('button', { name: '2 new locks' }).click();
  await page.getByRole('button', { name: 'Tick all' }).click();
  await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
  await touch('Group');
  await write('X');
  const add = page.getByRole('button', { name: 'Add 2 locks' });
  const before = await add.boundingBox();
  if (!before) throw new Error('there is no such button');
  await page.mouse.move(before.x + 20, before.y + 20);
  await page.mouse.down();
  await page.mouse.up();
  await keyboard.waitFor({ state: 'detached' });
  await expect.poll(() => core.seen.some(({ name }) => name === 'captureEnrolment')).toBe(true);
});

it('stays away from whoever has a real keyboard', async ({ page, keyboard, touch }) => {
  await page.keyboard.press('Escape');
  await touch('Search locks');
  expect(await keyboard.count()).toBe(0);
});

it.for([
  ['fr', 'Élan à reçu'],
  ['de', 'Größe öl'],
  ['es', 'Señal ámbar'],
] as const)('has in %s the letters of the language, and fits', async ([language, name], { core, page }) => {
  await core.alter('kiosk', { language });
  await page.locator(`html[lang=${language}]`).waitFor();
  await page.locator('input').first().dispatchEvent('pointerdown', { bubbles: true, pointerType: 'touch' });
  await page.locator('input').first().focus();
  const keys = page.getByRole('group', { name: dictionaries[language].words['keyboard.label'] });
  for (const key of name) {
    const called = key === ' ' ? dictionaries[language].words['keyboard.space'] : new RegExp(`^${key}$`, 'i');
    await keys.getByRole('button', { name: called, exact: true }).click();
  }
  expect(await page.locator('input').first().inputValue()).toBe(name);
  for (const size of [
    { width: 640, height: 480 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(size);
    expect(await layoutFaults(page)).toEqual([]);
    const boxes = await Promise.all((await keys.getByRole('button').all()).map((key) => key.boundingBox()));
    expect(Math.min(...boxes.map((box) => box?.width ?? 0))).toBeGreaterThan(36);
  }
});
