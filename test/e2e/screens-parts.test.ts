/** What the page has at once, in a real browser, and what is told of a part of it that cannot be had. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchBrowser } from '#support/browser.ts';
import { buildPage, type BuiltPage } from '#support/built-page.ts';
import { startFakeCore, type FakeCore } from '#support/fake-core.ts';
import { firstLoadLimit, firstLoadOf } from '#support/first-load.ts';
import { openPage, type OpenPage } from '#support/open-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';

let browser: Browser;
let built: BuiltPage;
let core: FakeCore;
let open: OpenPage;

beforeAll(async () => {
  // As it is shipped: in tests Svelte has its checks with it.
  vi.stubEnv('NODE_ENV', 'production');
  [browser, built] = await Promise.all([launchBrowser(), buildPage('renderer')]);
  vi.unstubAllEnvs();
  core = await startFakeCore(built.folder);
  await core.show('kiosk', scene.kiosk());
  await core.show('health', scene.health());
  open = await openPage(browser, core);
});
afterAll(async () => {
  await open.close();
  await core.dispose();
  await browser.close();
  await built.dispose();
});

it('what it needs to sign in and unlock is two files that do not grow, and most of the rest is not in them', () => {
  const { files, zipped, all } = firstLoadOf(built.folder);
  expect(files).toHaveLength(2);
  expect(zipped / 1000).toBeLessThanOrEqual(firstLoadLimit);
  expect(all).toBeGreaterThan(1.5 * zipped);
});

it('a screen whose file is gone has the page loaded anew once, then says so, and comes once the file is back', async () => {
  const { page } = open;
  let loads = 0;
  page.on('load', () => (loads += 1));
  // The page that is open has it already; the next one does not.
  await page.route(/assets\/Health-/, (route) => route.abort());
  await page.reload();
  await heading(page, 'Choose your name');
  expect(loads).toBe(1);
  const health = page.getByRole('button', { name: /Opens Health/ });
  const loadedAnew = page.waitForEvent('load');
  await health.click();
  await loadedAnew;
  await heading(page, 'Choose your name');
  await health.click();
  await page.getByText('Part of this screen could not be loaded.').waitFor();
  expect(loads).toBe(2);
  await page.unroute(/assets\/Health-/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Choose your name');
  await health.click();
  await heading(page, 'Health');
  expect(open.complaints.filter((one) => !/Failed to load resource/.test(one))).toEqual([]);
});
