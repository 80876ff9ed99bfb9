/** The built page before a core that is written down, opened anew for each test of a file. */
import { expect, inject } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { withBrowser } from './browser-test.ts';
import { startFakeCore, type FakeCore } from './fake-core.ts';
import { openPage } from './open-page.ts';
import * as scene from './store-scene.ts';

/**
 * Vitest's `test` on the page; to be called at the top of a file. Before each test somebody is signed in and what `show` shows is
 * there; after it, the page has complained of nothing and sent nothing that is not in the contract.
 */
export const kioskPageTest = (show: (core: FakeCore) => Promise<void> | void) => {
  const test = withBrowser()
    .extend('core', async ({}, { onCleanup }) => {
      const core = await startFakeCore(inject('kioskPage'));
      onCleanup(() => core.dispose());
      await core.show('kiosk', scene.signedIn());
      await core.show('locks', { locks: [], foreign: [] });
      await core.show('newLocks', { locks: [] });
      await core.show('attempt', { attempt: null });
      await core.show('group', { run: null });
      await core.show('enrolments', { enrolments: [], groups: [] });
      await core.show('health', scene.health());
      for (const call of ['touch', 'prepareLock'] as const) core.answer(call, () => ok(null));
      core.answer('signInByBadge', () => fail('badge.unknown'));
      await show(core);
      return core;
    })
    .extend('tab', async ({ browser, core }, { onCleanup }) => {
      const tab = await openPage(browser, core);
      onCleanup(() => tab.close());
      return tab;
    })
    .extend('page', ({ tab }) => tab.page)
    .extend('sheet', ({ page }) => page.getByRole('dialog'))
    .extend(
      'button',
      ({ page }) =>
        (name: string | RegExp) =>
          page.getByRole('button', { name, exact: true }),
    )
    .extend(
      'tile',
      ({ page }) =>
        (name: string) =>
          page.locator('main li', { hasText: name }),
    )
    /** One after the other, as a person does; faster it would be a scanner. */
    .extend(
      'type',
      ({ page }) =>
        (text: string) =>
          page.keyboard.type(text, { delay: 90 }),
    )
    /** What calls of these names were asked with, once for each time. */
    .extend(
      'inputsOf',
      ({ core }) =>
        (...names: readonly string[]): unknown[] =>
          core.seen.filter(({ name }) => names.includes(name)).map(({ input }) => input),
    );

  // In a hook, whose time is its own: else it would be the test's.
  test.beforeEach(({ page: _page }) => undefined);
  test.afterEach(({ core, tab }) => {
    expect(tab.complaints).toEqual([]);
    expect(core.junk).toEqual([]);
  });
  return test;
};
