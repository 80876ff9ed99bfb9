/** Vitest's `test` with a real browser, one for all tests of a file. */
import { test } from 'vitest';
import { launchBrowser } from './browser.ts';

export const withBrowser = () => {
  const extended = test.extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  });
  // In a hook, whose time is its own: else it would be the first test's.
  extended.beforeAll(({ browser: _browser }) => undefined);
  return extended;
};
