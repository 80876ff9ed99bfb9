/** Every screen of the page in a real browser, under the product's policy, against a core that is written down. */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '#support/browser.ts';
import { buildPage, type BuiltPage } from '#support/built-page.ts';
import { startFakeCore, type FakeCore } from '#support/fake-core.ts';
import { openPage, type OpenPage } from '#support/open-page.ts';
import * as scene from '#support/store-scene.ts';
import { layoutFaults, setTextSize } from './layout.ts';
import { screens } from './screens-list.ts';

const pictures =
  process.env.LATCHPOINT_PICTURES ?? join(tmpdir(), `latchpoint-screens-${process.getuid?.() ?? 0}`);
/** As on a small panel, two windows beside each other, and a large screen; the lowest that each has. */
const sizes = [
  { width: 640, height: 480 },
  { width: 819, height: 614 },
  { width: 1024, height: 768 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const usual = sizes[3];
/** Who has set the screen to contrast or has colours forced on it, and who needs letters twice as large. */
const looks = [
  { look: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, theme: null },
  { look: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, theme: null },
  { look: 'contrast', media: { colorScheme: 'light', forcedColors: 'none' }, theme: 'contrast' },
  { look: 'forced', media: { colorScheme: 'dark', forcedColors: 'active' }, theme: null },
] as const;

/** Nobody can do anything there but wait, and waiting is enough. */
const goesOnByItself: ReadonlySet<string> = new Set(['starting', 'lost']);

/** Buttons of the screen itself (not of the bar above it) that can be pressed, now or once its form is filled in. */
const waysOn = async (on: Page): Promise<number> => {
  const sheet = on.locator('dialog[open]');
  const screen = (await sheet.count()) > 0 ? sheet : on.locator('main');
  const pressable = await screen.locator('button:not(:disabled)').count();
  return pressable + (await screen.locator('form:has(input:not(:disabled)) button[type=submit]').count());
};

let browser: Browser;
let built: BuiltPage;
let core: FakeCore;
let open: OpenPage;
let page: Page;

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  [browser, built] = await Promise.all([launchBrowser(), buildPage('renderer')]);
});
afterAll(async () => {
  await browser.close();
  await built.dispose();
});

const begin = async (): Promise<void> => {
  core = await startFakeCore(built.folder);
  core.show('kiosk', scene.signedIn());
  core.show('locks', {
    locks: scene.locks(),
    foreign: [{ serialNumber: scene.serialOf(0xff), proximity: 'far' }],
  });
  core.show('newLocks', scene.newLocks());
  core.show('attempt', { attempt: null });
  core.show('enrolments', scene.enrolments());
  core.show('health', scene.health());
};

describe('every screen', () => {
  beforeEach(begin);
  afterEach(async () => {
    await open.close();
    await core.dispose();
  });

  it.each(screens)(
    '$name is drawn whole at every size, accessible in all colours, without a complaint, and leads on',
    async ({ name, prepare, reach }) => {
      prepare?.(core);
      open = await openPage(browser, core.url);
      ({ page } = open);
      await reach(page, core);
      const picture = (detail: string): Promise<unknown> =>
        page.screenshot({ path: join(pictures, `${name}-${detail}.png`) });
      if (!goesOnByItself.has(name)) expect(await waysOn(page), 'a way on').toBeGreaterThan(0);
      for (const { look, media, theme } of looks) {
        await page.emulateMedia(media);
        await page.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme ?? '')}`);
        await picture(`${usual.width}-${look}`);
        expect(await open.violations(), look).toEqual([]);
      }
      await page.emulateMedia(looks[0].media);
      await page.evaluate('delete document.documentElement.dataset.theme');
      const faults: string[] = [];
      for (const percent of [100, 200]) {
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
      expect(open.complaints).toEqual([]);
      expect(core.junk).toEqual([]);
    },
  );
});
