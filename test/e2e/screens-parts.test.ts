/** What the page has at once, in a real browser, and what is told of a part of it that cannot be had. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from '#support/browser.ts';
import { buildPage, type BuiltPage } from '#support/built-page.ts';
import { startFakeCore, type FakeCore } from '#support/fake-core.ts';
import { firstLoadGoal, firstLoadOf } from '#support/first-load.ts';
import { openPage, type OpenPage } from '#support/open-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading, tapFirst } from './screens-common.ts';
import { reasonOnly, showFirst } from './screens-rights.ts';

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
  expect(zipped / 1000).toBeLessThanOrEqual(firstLoadGoal);
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

describe('a sheet whose part has not come', () => {
  let come = (): void => undefined;
  const sheet = () => open.page.getByRole('dialog');
  const openAll = () => open.page.getByRole('button', { name: /^Open all/ }).first();
  const leave = async (): Promise<void> => {
    await sheet().getByRole('button', { name: 'Leave locked' }).click();
    await sheet().waitFor({ state: 'detached' });
  };
  const hasFocus = (locator: Locator) => locator.and(open.page.locator(':focus')).waitFor();
  beforeEach(async () => {
    await core.show('kiosk', scene.signedIn());
    await showFirst(core, { needs: reasonOnly });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    come = () => resolve(undefined);
    await open.page.unrouteAll();
    await open.page.route(/assets\/(Asking|GroupSheet)-/, (route) => promise.then(() => route.continue()));
    await open.page.reload();
    open.complaints.length = 0;
  });

  it('has it, with the focus where it is read from, once it has', async () => {
    await tapFirst(open.page);
    await sheet().locator('[aria-busy]').waitFor();
    come();
    const asks = open.page.getByRole('heading', { name: 'Why is it opened?' });
    await asks.waitFor();
    await hasFocus(asks);
    expect(open.complaints).toEqual([]);
  });

  it('can be left, and of a group is another once it has, after which the focus is where it was', async () => {
    await openAll().click();
    await sheet().locator('[aria-busy]').waitFor();
    await leave();
    await openAll().click();
    await sheet().locator('[aria-busy]').waitFor();
    come();
    await open.page.getByRole('heading', { name: /^Open .* of / }).waitFor();
    await leave();
    await hasFocus(openAll());
    expect(open.complaints).toEqual([]);
  });
});
