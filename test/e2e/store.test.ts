/**
 * A newcomer's first three minutes, in a real browser against the whole simulated store: sign in, open a lock, cut the
 * network, open and enrol, survive kill -9, restore the network, open the new lock. `npm run pictures` keeps its screenshots.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { withBrowser } from '#support/browser-test.ts';
import { simulatedPin, simulatedStaff } from '#support/simulated-store/seed.ts';
import { eraseSimulatedStore, startSimulatedStore } from '#support/simulated-store/store.ts';
import { keepPicture } from './pictures.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'latchpoint-e2e-'));
const problems: string[] = [];
/** Those of the kiosk after the first. */
const addresses: string[] = [];

const test = withBrowser()
  .extend('store', { scope: 'file' }, async ({}, { onCleanup }) => {
    const store = await startSimulatedStore({
      dataDir,
      kioskPort: 0,
      panelPort: 0,
      registers: true,
      keepsKiosk: true,
      onNextAddress: (url) => addresses.push(url),
    });
    onCleanup(async () => {
      await store.dispose();
      await eraseSimulatedStore(dataDir);
    });
    return store;
  })
  .extend('page', { scope: 'file' }, async ({ browser }) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // While the core is down, the browser itself reports each attempt to reach it.
      const expected = message.text().includes('WebSocket connection to');
      if (message.type() === 'error' && !expected) problems.push(message.text());
    });
    return page;
  })
  .extend('signIn', ({ page }) => async (): Promise<void> => {
    await page.getByRole('button', { name: simulatedStaff[0].name }).click();
    await page.keyboard.type(simulatedPin);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  })
  .extend('open', ({ page }) => async (name: string): Promise<void> => {
    // A tile that would not open now is drawn another way.
    await page.locator('.tile.ready', { hasText: name }).locator('.tap').click();
    await page
      .locator('main li', { hasText: name })
      .getByText(/^Open \d+ s$/)
      .waitFor();
  });

test('a person signs in and sees the locks nearby', async ({ store, page, signIn }) => {
  const address = store.kioskUrl();
  await page.goto(address);
  await page.getByText('Harbour Street').waitFor();
  // It is good once; whoever needs another one is told it where the first one was.
  await expect.poll(() => addresses).toEqual([store.kioskUrl()]);
  expect(addresses).not.toContain(address);
  await signIn();
  await page.getByText('Watches, top shelf').waitFor();
  await keepPicture(page, 'counter');
  await page.getByRole('button', { name: /^Ready/ }).click();
  await page.getByText('One lock of another store is in range').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
});

test('a tap opens a lock, and "locked again" is shown once the lock says so', async ({ page, open }) => {
  await open('Watches, top shelf');
  await keepPicture(page, 'open');
  await page.getByText('Locked again', { exact: true }).waitFor();
});

test('offline: the kiosk says so, opens, and reads a new lock', async ({ store, page, open }) => {
  await store.act({ type: 'network', to: 'cut' });
  await page.getByText(/^Offline, opens until/).waitFor();
  await open('Watches, drawer');
  await page.getByRole('button', { name: /new locks?$/ }).click();
  await page
    .getByRole('button', { name: 'Untick all' })
    .or(page.getByRole('button', { name: 'Tick all' }))
    .waitFor();
  await page.locator('label', { hasText: '0109' }).click();
  await page.getByRole('button', { name: 'Enrol this lock' }).click();
  await page.getByLabel(/^Name of lock/).fill('Phone display');
  await page.getByRole('button', { name: 'Add this lock' }).click();
  await page.getByText('It will open after this kiosk has been online').waitFor();
  await page.getByRole('button', { name: 'See what is being added' }).click();
  await page.getByText('Phone display').waitFor();
  await keepPicture(page, 'queue');
});

test('kill -9 of the core: the page says so, comes back by itself, and nothing is lost', async ({
  store,
  page,
  signIn,
}) => {
  await store.killKiosk();
  await page.getByText('The kiosk does not answer').waitFor();
  await store.startKiosk();
  await page.getByText('The kiosk does not answer').waitFor({ state: 'hidden' });
  await signIn();
  await page.getByRole('button', { name: /^Being added/ }).click();
  await page.getByText('Read here.').waitFor();
});

test('online again: the key arrives, the lock is provisioned and opens', async ({ store, page, open }) => {
  await store.act({ type: 'network', to: 'up' });
  await page.getByText('Ready. It can be opened on the Counter.').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await open('Phone display');
});

test('a lock that is carried away as it is tapped is said not to answer, and ends by itself or by Stop', async ({
  store,
  page,
  open,
}) => {
  const name = 'Watches, drawer';
  const { locks } = await store.state();
  const lock = locks.find((one) => one.name === name);
  if (!lock) throw new Error(`There is no ${name}`);
  const { serialNumber, distance } = lock;
  const tapped = async (): Promise<void> => {
    await page.locator('.tile.ready', { hasText: name }).locator('.tap').click();
    await page.locator('main li', { hasText: name }).getByText('No answer yet').waitFor();
  };
  await store.act({ type: 'move_lock', serialNumber, distance: 40 });
  const begun = performance.now();
  await tapped();
  await page.getByRole('dialog').getByText('Not opened', { exact: true }).waitFor();
  // Ten seconds, and what a busy machine adds to them.
  expect(performance.now() - begun).toBeLessThan(20_000);
  await page.getByRole('button', { name: 'Done' }).click();
  await store.act({ type: 'move_lock', serialNumber, distance });
  await open(name);
  await page.locator('main li', { hasText: name }).getByText('Locked again').waitFor();
  await store.act({ type: 'move_lock', serialNumber, distance: 40 });
  await tapped();
  await page.getByRole('button', { name: `Stop opening ${name}` }).click();
  await page.getByText('No answer yet', { exact: true }).waitFor({ state: 'detached' });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await store.act({ type: 'move_lock', serialNumber, distance });
});

test('the dongle is pulled and plugged in again: the kiosk tells the truth and recovers', async ({
  store,
  page,
  open,
}) => {
  await store.act({ type: 'dongle', to: 'out' });
  await page.getByText('Nothing opens: no dongle').waitFor();
  await keepPicture(page, 'no-dongle');
  await store.act({ type: 'dongle', to: 'in' });
  await page.getByRole('button', { name: /^Ready/ }).waitFor();
  await page.getByRole('button', { name: /^Open Phone display.*(here|near)/ }).waitFor();
  await open('Phone display');
});

test('a kiosk that somebody ends is started again, and the rest of the store goes on', async ({
  store,
  page,
}) => {
  const pid = store.kioskPid();
  if (pid === null) throw new Error('There is no kiosk');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => store.kioskPid(), { timeout: 30_000 }).not.toBe(pid);
  // Somebody was signed in: only the new kiosk says that nobody is. Whether a notice was seen before is a matter of moments.
  await page.getByText('Choose your name').waitFor();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
});

test('the page had nothing to complain of', () => {
  expect(problems).toEqual([]);
});
