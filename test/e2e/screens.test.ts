/** Every screen of the page in a real browser, under the product's policy, against a core that is written down. */
import type { Page } from 'playwright-core';
import { describe, expect, inject } from 'vitest';
import { withBrowser } from '#support/browser-test.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { openPage, type OpenPage } from '#support/open-page.ts';
import { showUsual } from '#support/store-scene.ts';
import { layoutFaults, setTextSize } from './layout.ts';
import { looks, showIn, sizes, textSizes } from './looks.ts';
import { keepPicture } from './pictures.ts';
import type { Screen } from './screens-common.ts';
import { screens } from './screens-list.ts';

const usual = sizes[3];

/** Nobody can do anything there but wait, and waiting is enough. */
const goesOnByItself: ReadonlySet<string> = new Set(['starting', 'lost']);

/** Buttons of the screen itself (not of the bar above it) that can be pressed, now or once its form is filled in. */
const waysOn = async (on: Page): Promise<number> => {
  const sheet = on.locator('dialog[open]');
  const screen = (await sheet.count()) > 0 ? sheet : on.locator('main');
  const pressable = await screen.locator('button:not(:disabled)').count();
  return pressable + (await screen.locator('form:has(input:not(:disabled)) button[type=submit]').count());
};

const lookAt = async ({ name }: Screen, { page, ...open }: OpenPage): Promise<void> => {
  const picture = (detail: string): Promise<void> => keepPicture(page, `${name}-${detail}`);
  if (!goesOnByItself.has(name)) expect(await waysOn(page), 'a way on').toBeGreaterThan(0);
  for (const one of looks) {
    await showIn(page, one);
    await picture(`${usual.width}-${one.look}`);
    expect(await open.violations(), one.look).toEqual([]);
  }
  await showIn(page, looks[0]);
  const faults: string[] = [];
  for (const percent of textSizes) {
    await setTextSize(page, percent);
    for (const size of sizes) {
      await page.setViewportSize(size);
      const found = await layoutFaults(page);
      faults.push(...found.map((fault) => `${size.width} px, text at ${percent} %: ${fault}`));
      if (size.width === 640 || (size.width !== usual.width && percent === 100))
        await picture(`${size.width}-light-${percent}`);
    }
  }
  expect(faults).toEqual([]);
  await page.setViewportSize(sizes[0]);
  expect(await open.violations(), 'small, with large letters').toEqual([]);
};

const it = withBrowser();

describe('every screen', () => {
  // Each has a core and a browser's context of its own, so they go side by side.
  it.concurrent.for(screens)(
    '$name is drawn whole at every size, accessible in all colours, without a complaint, and leads on',
    async (screen, { browser }) => {
      const core = await startFakeCore(inject('kioskPage'));
      await showUsual(core);
      await screen.prepare?.(core);
      const open = await openPage(browser, core);
      try {
        await screen.reach(open.page, core);
        await lookAt(screen, open);
        expect(open.complaints).toEqual([]);
        expect(core.junk).toEqual([]);
      } finally {
        await open.close();
        await core.dispose();
      }
    },
  );
});
