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
import { screens } from './screens-list.ts';

const pictures =
  process.env.LATCHPOINT_PICTURES ?? join(tmpdir(), `latchpoint-screens-${process.getuid?.() ?? 0}`);
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
] as const;

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

  /** Drawn in each; looked at by axe in the two that differ in colours. */
  const looks = [
    { ...sizes[0], colorScheme: 'light', axe: true },
    { ...sizes[0], colorScheme: 'dark', axe: true },
    { ...sizes[1], colorScheme: 'light', axe: false },
    { ...sizes[2], colorScheme: 'light', axe: false },
  ] as const;

  it.each(screens)(
    '$name is drawn whole, accessible and without a complaint',
    async ({ name, prepare, reach }) => {
      prepare?.(core);
      open = await openPage(browser, core.url);
      ({ page } = open);
      await reach(page, core);
      for (const { width, height, colorScheme, axe } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        const picture = `${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(pictures, picture) });
        if (axe) expect(await open.violations(), picture).toEqual([]);
        expect(
          await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
          `${picture} fits`,
        ).toBe(true);
      }
      expect(open.complaints).toEqual([]);
      expect(core.junk).toEqual([]);
    },
  );
});
