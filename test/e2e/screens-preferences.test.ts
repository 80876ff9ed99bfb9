/** What somebody chooses for this screen is theirs, and the screen has its own while nobody is signed in. */
import { expect } from 'vitest';
import { z } from 'zod';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { layoutFaults } from './layout.ts';

const tom = { staffId: scene.idOf(2), name: 'Tom Okafor', idleAt: scene.sceneNow + 600_000 };

const it = kioskPageTest(() => undefined)
  /** The colours that are set, and the size of the letters in px. */
  .extend(
    'looks',
    ({ page }) =>
      async (): Promise<unknown> =>
        page.evaluate(
          `[document.documentElement.dataset.theme ?? 'system', parseFloat(getComputedStyle(document.documentElement).fontSize)]`,
        ),
  )
  .extend('choose', ({ page }) => async (...names: readonly string[]): Promise<void> => {
    await page.getByRole('button', { name: /^Ready/ }).click();
    for (const name of names) await page.getByText(name, { exact: true }).click();
  });

const own = ['system', 16];
const mayas = ['contrast', 24];

it('colours, sound and size of the text are whose they are, also after the page began anew', async ({
  core,
  page,
  looks,
  choose,
}) => {
  await choose('High contrast', '150%', 'Loud');
  await expect.poll(looks).toEqual(mayas);
  await core.show('kiosk', scene.kiosk());
  await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
  await expect.poll(looks).toEqual(own);
  await core.show('kiosk', scene.signedIn({ session: tom }));
  await page.getByText('Tom Okafor').waitFor();
  expect(await looks()).toEqual(own);
  await choose('Light', '125%');
  await expect.poll(looks).toEqual(['light', 20]);
  expect(await page.getByRole('radio', { name: 'Quiet' }).isChecked()).toBe(true);
  await core.show('kiosk', scene.signedIn());
  await expect.poll(looks).toEqual(mayas);
  await page.reload();
  await expect.poll(looks).toEqual(mayas);
  await page.getByRole('button', { name: /^Ready/ }).click();
  expect(await page.getByRole('radio', { name: 'Loud' }).isChecked()).toBe(true);
});

it('what is set before anybody can sign in is the screen’s own, and everybody’s who has chosen nothing', async ({
  core,
  page,
  looks,
}) => {
  await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
  await page.getByRole('button', { name: 'Set up', exact: true }).waitFor();
  await page.locator('header .pill').click();
  await page.getByText('Dark', { exact: true }).click();
  await expect.poll(looks).toEqual(['dark', 16]);
  await core.show('kiosk', scene.signedIn({ session: tom }));
  await page.getByText('Tom Okafor').waitFor();
  expect(await looks()).toEqual(['dark', 16]);
});

it('no more people are kept than a store has', async ({ page, looks, choose }) => {
  const others = Array.from({ length: 200 }, (_, at) => [scene.idOf(1_000 + at), { theme: 'dark' }]);
  await page.evaluate(`localStorage.setItem('latchpoint.people', ${JSON.stringify(JSON.stringify(others))})`);
  await page.reload();
  await choose('High contrast');
  await expect.poll(looks).toEqual(['contrast', 16]);
  const kept = z
    .array(z.tuple([z.string(), z.unknown()]))
    .parse(JSON.parse(String(await page.evaluate(`localStorage.getItem('latchpoint.people')`))));
  expect(kept).toHaveLength(200);
  expect(kept.at(-1)?.[0]).toBe(scene.idOf(1));
});

it.for(['125%', '150%', '200%'])(
  'with letters of %s all of Health is whole on a small screen',
  async (size, { page, choose }) => {
    await page.setViewportSize({ width: 640, height: 480 });
    await choose(size);
    expect(await page.getByRole('radio', { name: size }).isChecked()).toBe(true);
    expect(await layoutFaults(page)).toEqual([]);
  },
);
