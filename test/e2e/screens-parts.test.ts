/** What the page has at once, in a real browser, and what is told of a part of it that cannot be had. */
import type { Locator } from 'playwright-core';
import { describe, expect, vi } from 'vitest';
import { withBrowser } from '#support/browser-test.ts';
import { buildPage } from '#support/built-page.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { firstLoadGoal, firstLoadOf } from '#support/first-load.ts';
import { openPage } from '#support/open-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading, tapFirst } from './screens-common.ts';
import { reasonOnly, showFirst } from './screens-rights.ts';

const it = withBrowser()
  .extend('built', { scope: 'file' }, async ({}, { onCleanup }) => {
    // As it is shipped: in tests Svelte has its checks with it.
    vi.stubEnv('NODE_ENV', 'production');
    const built = await buildPage('renderer');
    vi.unstubAllEnvs();
    onCleanup(() => built.dispose());
    return built;
  })
  .extend('core', async ({ built }, { onCleanup }) => {
    const core = await startFakeCore(built.folder);
    onCleanup(() => core.dispose());
    await core.show('kiosk', scene.kiosk());
    await core.show('health', scene.health());
    return core;
  })
  .extend('open', async ({ browser, core }, { onCleanup }) => {
    const open = await openPage(browser, core);
    onCleanup(() => open.close());
    return open;
  });

it.beforeAll(({ built: _built }) => undefined);

it('what it needs to sign in and unlock is two files that do not grow, and most of the rest is not in them', ({
  built,
}) => {
  const { files, zipped, all } = firstLoadOf(built.folder);
  expect(files).toHaveLength(2);
  expect(zipped / 1000).toBeLessThanOrEqual(firstLoadGoal);
  expect(all).toBeGreaterThan(1.5 * zipped);
});

it('a screen whose file is gone has the page loaded anew once, then says so, and comes once the file is back', async ({
  open,
}) => {
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
  const test = it.extend('late', async ({ core, open }) => {
    const { page } = open;
    await core.show('kiosk', scene.signedIn());
    await showFirst(core, { needs: reasonOnly });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await page.route(/assets\/(Asking|GroupSheet)-/, (route) => promise.then(() => route.continue()));
    await page.reload();
    open.complaints.length = 0;
    const sheet = page.getByRole('dialog');
    return {
      page,
      sheet,
      come: () => resolve(undefined),
      openAll: page.getByRole('button', { name: /^Open all/ }).first(),
      leave: async (): Promise<void> => {
        await sheet.getByRole('button', { name: 'Leave locked' }).click();
        await sheet.waitFor({ state: 'detached' });
      },
      hasFocus: (locator: Locator) => locator.and(page.locator(':focus')).waitFor(),
    };
  });

  test('has it, with the focus where it is read from, once it has', async ({ open, late }) => {
    const { page, sheet, come, hasFocus } = late;
    await tapFirst(page);
    await sheet.locator('[aria-busy]').waitFor();
    come();
    const asks = page.getByRole('heading', { name: 'Why is it opened?' });
    await asks.waitFor();
    await hasFocus(asks);
    expect(open.complaints).toEqual([]);
  });

  test('can be left, and of a group is another once it has, after which the focus is where it was', async ({
    open,
    late,
  }) => {
    const { page, sheet, come, openAll, leave, hasFocus } = late;
    await openAll.click();
    await sheet.locator('[aria-busy]').waitFor();
    await leave();
    await openAll.click();
    await sheet.locator('[aria-busy]').waitFor();
    come();
    await page.getByRole('heading', { name: /^Open .* of / }).waitFor();
    await leave();
    await hasFocus(openAll);
    expect(open.complaints).toEqual([]);
  });
});
