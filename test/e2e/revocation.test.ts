/**
 * One revocation through every process: the vendor revokes a lock's key, the backend fetches the list, the kiosk pulls it and
 * carries it to the lock, the lock refuses the key, and the page says so in plain words. Other locks open as before. The same
 * way goes an order of the back office: a person gives the lock back at the kiosk.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withBrowser } from '#support/browser-test.ts';
import { simulatedPin, simulatedStaff } from '#support/simulated-store/seed.ts';
import { eraseSimulatedStore, startSimulatedStore } from '#support/simulated-store/store.ts';
import { keepPicture } from './pictures.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'latchpoint-revocation-'));
const doomed = 'Watches, top shelf';
/** Every end that a person can be told of, in the tile or in the sheet: on a loaded machine any of them may come at first. */
const ends = /^(Open \d+ s|Check it: not heard locked yet|Locked again|Not opened|Not known)$/;

const test = withBrowser()
  .extend('store', { scope: 'file' }, async ({}, { onCleanup }) => {
    const store = await startSimulatedStore({ dataDir, kioskPort: 0, panelPort: 0, registers: true });
    onCleanup(async () => {
      await store.dispose();
      await eraseSimulatedStore(dataDir);
    });
    return store;
  })
  .extend('page', { scope: 'file' }, async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    return page;
  })
  .extend(
    'sheet',
    ({ page }) =>
      () =>
        page.getByRole('dialog'),
  )
  .extend(
    'refused',
    ({ sheet }) =>
      () =>
        sheet().getByText('The key of this lock was revoked.'),
  )
  /** Taps the lock and resolves with how that ended, once it has. */
  .extend(
    'tryToOpen',
    ({ page, sheet, refused }) =>
      async (name: string): Promise<'open' | 'refused' | 'other'> => {
        await page.getByRole('button', { name: new RegExp(`^(Open )?${name}`) }).click();
        const tile = page.locator('main li', { hasText: name });
        const end = await tile
          .getByText(ends)
          .or(sheet().getByRole('status').getByText(ends))
          .first()
          .textContent();
        if (end === 'Not known') return 'other';
        if (end !== 'Not opened') return 'open';
        return (await refused().count()) > 0 ? 'refused' : 'other';
      },
  )
  .extend('closeSheet', ({ page, sheet }) => async (): Promise<void> => {
    // The sheet may just be closing by itself; on the Counter the key does nothing.
    await page.keyboard.press('Escape');
    await sheet().waitFor({ state: 'detached' });
  })
  /** Tries until it ends as `wanted`, and leaves that end on the screen. */
  .extend(
    'tryUntil',
    ({ tryToOpen, closeSheet }) =>
      (name: string, wanted: 'open' | 'refused') =>
        expect
          .poll(
            async () => {
              await closeSheet();
              return tryToOpen(name);
            },
            { timeout: 80_000, interval: 500 },
          )
          .toBe(wanted),
  );

test(
  'a lock opens, its key is revoked, and from then on the lock refuses it in words',
  { timeout: 240_000 },
  async ({ store, page, sheet, tryUntil }) => {
    await page.goto(store.kioskUrl());
    await page.getByRole('button', { name: simulatedStaff[0].name }).click();
    await page.keyboard.type(simulatedPin);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: new RegExp(`^(Open )?${doomed}.*(here|near)`) }).waitFor();
    await tryUntil(doomed, 'open');

    const lock = (await store.state()).locks.find(({ name }) => name === doomed);
    if (!lock) throw new Error(`no lock ${doomed}`);
    await store.act({ type: 'revoke_key', serialNumber: lock.serialNumber });
    // The list takes its way through vendor, backend and kiosk; until it has arrived the lock rightly opens.
    await tryUntil(doomed, 'refused');
    await sheet().getByText('Not opened').waitFor();
    await sheet()
      .getByText(/Ask the back office why, and for a new key/)
      .waitFor();
    await sheet().getByText('Code for support: lock.chain_refused · key_epoch_revoked').waitFor();
    expect(await sheet().getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await keepPicture(page, 'revoked-key');
  },
);

test(
  'the lock keeps to it, also for a kiosk that was started anew, and other locks open',
  { timeout: 240_000 },
  async ({ store, page, tryUntil }) => {
    await store.killKiosk();
    await store.startKiosk();
    await page.getByRole('button', { name: simulatedStaff[0].name }).click();
    await page.keyboard.type(simulatedPin);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: new RegExp(`^(Open )?${doomed}.*(here|near)`) }).waitFor();
    await tryUntil(doomed, 'refused');
    await tryUntil('Watches, drawer', 'open');
  },
);

test(
  'a lock that is ordered back at the panel is given back by a person at the kiosk, and is new',
  { timeout: 240_000 },
  async ({ store, page, sheet, closeSheet }) => {
    const name = 'Fragrance cabinet';
    const lock = async () => {
      const found = (await store.state()).locks.find((one) => one.name === name);
      if (!found) throw new Error(`no lock ${name}`);
      return found;
    };
    await closeSheet();
    await store.act({ type: 'order_release', serialNumber: (await lock()).serialNumber });
    expect(await lock()).toMatchObject({ provisioned: true, toBeReleased: true });
    await page.getByRole('button', { name: `More about ${name}` }).click();
    // The order takes its way through backend and kiosk; a lock that did not answer is asked again.
    const start = sheet().getByRole('button', { name: 'Remove from this store', exact: true });
    await start.waitFor();
    await expect
      .poll(
        async () => {
          if (await start.isEnabled({ timeout: 500 }).catch(() => false)) {
            await start.click();
            await sheet().getByRole('button', { name: 'Yes, remove it' }).click();
          }
          return (await lock()).provisioned;
        },
        { timeout: 120_000, interval: 500 },
      )
      .toBe(false);
    // The kiosk tells the backend, which forgets the lock: nothing of it is left on the Counter.
    await expect
      .poll(async () => (await lock()).toBeReleased, { timeout: 60_000, interval: 500 })
      .toBe(false);
    await page.getByRole('button', { name: new RegExp(`^(Open )?${name}`) }).waitFor({ state: 'detached' });
  },
);
