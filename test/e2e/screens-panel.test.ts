/** The air panel's page in a real browser, served by the panel's own server. */
import { describe, expect } from 'vitest';
import type { PanelAction, PanelState } from '#simulators/panel/contract.ts';
import { createPanelServer } from '#simulators/panel/server.ts';
import { withBrowser } from '#support/browser-test.ts';
import { buildPage } from '#support/built-page.ts';
import { openPage } from '#support/open-page.ts';
import { serialOf } from '#support/store-scene.ts';
import { keepPicture } from './pictures.ts';

const lock = (
  n: number,
  name: string,
  rest: Partial<PanelState['locks'][number]> = {},
): PanelState['locks'][number] => ({
  serialNumber: serialOf(n),
  name,
  distance: 1 + n * 2,
  provisioned: true,
  ofThisStore: true,
  keyRevoked: false,
  toBeReleased: false,
  boltOpen: false,
  tamper: false,
  blinking: false,
  battery: 90 - n,
  ...rest,
});

const initial: PanelState = {
  kioskUrl: 'http://127.0.0.1:1/',
  registrationCode: null,
  network: 'up',
  dongle: 'in',
  kioskClockOffsetMs: 0,
  intermediate: { validUntil: Date.now() + 30 * 86_400_000, renewal: 'on' },
  vendor: 'normal',
  locks: [
    lock(1, 'Spirits cabinet 1', { boltOpen: true }),
    lock(2, 'Spirits cabinet 2', { blinking: true, toBeReleased: true }),
    lock(3, 'Razor wall, left', { keyRevoked: true }),
    lock(4, 'Lock from the box', { provisioned: false, distance: 2 }),
    lock(5, 'Watch case', { ofThisStore: false, distance: 12 }),
    lock(6, 'Stockroom cage', { distance: 40, tamper: true }),
  ],
};
let state = initial;
let changed = (): void => undefined;
let refusal: string | null = null;
const acted: PanelAction[] = [];
const change = (rest: Partial<PanelState>): void => {
  state = { ...state, ...rest };
  changed();
};

const it = withBrowser()
  .extend('built', { scope: 'file' }, async ({}, { onCleanup }) => {
    const built = await buildPage('panel');
    onCleanup(() => built.dispose());
    return built;
  })
  .extend('server', { scope: 'file' }, async ({ built }, { onCleanup }) => {
    const server = await createPanelServer({
      port: 0,
      pageDir: built.folder,
      state: () => state,
      onChange: (listener) => {
        changed = listener;
        return () => undefined;
      },
      act: (action) => {
        acted.push(action);
        return refusal === null ? Promise.resolve() : Promise.reject(new Error(refusal));
      },
    });
    onCleanup(() => server.dispose());
    return server;
  })
  .extend('open', { scope: 'file' }, async ({ browser, server }, { onCleanup }) => {
    const open = await openPage(browser, { url: `http://127.0.0.1:${server.port}/` });
    onCleanup(() => open.close());
    return open;
  })
  .extend('page', { scope: 'file' }, async ({ open }) => {
    const page = open.page;
    await page.getByText('Locks on the air').waitFor();
    return page;
  });

describe('the air panel', () => {
  it('is drawn whole, accessible and without a complaint', async ({ open, page }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await keepPicture(page, `panel-1280-${colorScheme}`, { fullPage: true });
      expect(await open.violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
    expect(open.complaints).toEqual([]);
  });

  it('opens the kiosk in a window of its own, beside which it has room itself', async ({ server, page }) => {
    change({ kioskUrl: `http://127.0.0.1:${server.port}/?kiosk` });
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Open the kiosk beside this' }).click();
    const kiosk = await opened;
    expect(kiosk.url()).toBe(`http://127.0.0.1:${server.port}/?kiosk`);
    await kiosk.close();
    await page.setViewportSize({ width: 640, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('sends what a person does', async ({ page }) => {
    await page.getByText('Cut', { exact: true }).click();
    await page.getByText('Pulled', { exact: true }).click();
    await page.getByText('Loses its answer').click();
    await page.getByRole('button', { name: '+8 days' }).click();
    await page.getByRole('button', { name: 'Let it lapse in 20 s' }).click();
    await page.getByLabel('Distance').first().press('End');
    await page.getByLabel('Tampered with').first().check();
    await page.getByRole('button', { name: 'Battery out and in again' }).first().click();
    await page.getByRole('button', { name: 'Revoke this lock’s key' }).first().click();
    await page.getByRole('button', { name: 'Order this lock back' }).first().click();
    await expect.poll(() => acted.length).toBe(10);
    const serialNumber = serialOf(1);
    expect(acted).toEqual([
      { type: 'network', to: 'cut' },
      { type: 'dongle', to: 'out' },
      { type: 'vendor', to: 'lose_answer' },
      { type: 'kiosk_clock', offsetMs: 192 * 3_600_000 },
      { type: 'lapse_intermediate', seconds: 20 },
      { type: 'move_lock', serialNumber, distance: 40 },
      { type: 'tamper', serialNumber, on: true },
      { type: 'lose_power', serialNumber },
      { type: 'revoke_key', serialNumber },
      { type: 'order_release', serialNumber },
    ]);
  });

  it('orders a lock back only once', async ({ page }) => {
    const ordered = page.locator('li', { hasText: 'Spirits cabinet 2' });
    await ordered.getByText('to be given back').waitFor();
    expect(await ordered.getByRole('button', { name: 'Order this lock back' }).isDisabled()).toBe(true);
  });

  it('shows what becomes of the store as it happens', async ({ page }) => {
    change({ locks: state.locks.map((one) => ({ ...one, boltOpen: one.name === 'Razor wall, left' })) });
    // Another one's was open before.
    const open = page.locator('li', { hasText: 'Razor wall, left' }).getByRole('img', { name: 'bolt open' });
    await open.waitFor();
    await expect.poll(() => page.getByRole('img', { name: 'bolt open' }).count()).toBe(1);
    change({ intermediate: { validUntil: Date.now() - 1, renewal: 'withheld' } });
    await page.getByText('has lapsed, renewal withheld').waitFor();
  });

  it('says why an action was refused', async ({ page }) => {
    refusal = 'the kiosk is not running';
    await page.getByRole('button', { name: 'Renew it' }).click();
    await page.getByRole('alert').waitFor();
  });
});
