/** The built page before a core that is written down, opened anew for each test of a file. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { launchBrowser } from './browser.ts';
import { buildPage, type BuiltPage } from './built-page.ts';
import { startFakeCore, type FakeCore } from './fake-core.ts';
import { openPage, type OpenPage } from './open-page.ts';
import * as scene from './store-scene.ts';

export interface KioskPage {
  readonly core: FakeCore;
  readonly open: OpenPage;
  readonly page: Page;
}

/**
 * To be called at the top of a file. Before each test somebody is signed in, what `show` shows is there, and `opened` gets the
 * page; after it, the page has complained of nothing and sent nothing that is not in the contract.
 */
export const useKioskPage = (
  show: (core: FakeCore) => Promise<void> | void,
  opened: (to: KioskPage) => void,
): void => {
  let browser: Browser;
  let built: BuiltPage;
  let core: FakeCore;
  let open: OpenPage;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchBrowser(), buildPage('renderer')]);
  });
  afterAll(async () => {
    await browser.close();
    await built.dispose();
  });
  beforeEach(async () => {
    core = await startFakeCore(built.folder);
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
    open = await openPage(browser, core);
    opened({ core, open, page: open.page });
  });
  afterEach(async () => {
    expect(open.complaints).toEqual([]);
    expect(core.junk).toEqual([]);
    await open.close();
    await core.dispose();
  });
};
