/** The bar of every screen: whose name it is that things are opened in, and one state that moves nothing when it changes. */
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

const it = kioskPageTest((kiosk) => kiosk.show('locks', { locks: scene.locks(), foreign: [] }))
  .extend('header', ({ page }) => page.locator('header'))
  .extend(
    'weights',
    ({ page }) =>
      async (): Promise<readonly number[]> =>
        page.evaluate(
          "[...document.querySelectorAll('header .names p')].map((line) => Number(getComputedStyle(line).fontWeight))",
        ),
  );

it('whoever is signed in has its first line, and the store its second', async ({ core, header, weights }) => {
  const lines = header.locator('.names p');
  const { session, storeName } = scene.signedIn();
  await expect.poll(() => lines.allTextContents()).toEqual([session?.name, storeName]);
  const [first = 0, second = 0] = await weights();
  expect(first).toBeGreaterThan(second);
  await core.show('kiosk', scene.kiosk());
  await expect.poll(async () => (await lines.allTextContents())[0]).toBe(storeName);
});

it('nothing in it moves when its state has other words', async ({ core, header }) => {
  const health = scene.health();
  const since = scene.sceneNow - 60_000;
  const states = [
    health,
    { ...health, connection: { ...health.connection, state: 'offline' as const, since, waiting: 1 } },
    { ...health, radio: { ...health.radio, state: 'no_dongle' as const, since } },
  ];
  const seen: unknown[] = [];
  const words: string[] = [];
  for (const state of states) {
    await core.show('health', state);
    await expect.poll(async () => words.includes(await header.locator('.pill').innerText())).toBe(false);
    words.push(await header.locator('.pill').innerText());
    const pill = await header.locator('.pill').boundingBox();
    seen.push([
      await header.locator('.names').boundingBox(),
      await header.getByRole('button', { name: 'Sign out' }).boundingBox(),
      // It stands at the right edge, and keeps that.
      pill && Math.round(pill.x + pill.width),
    ]);
  }
  expect(seen).toEqual(seen.map(() => seen[0]));
});

it('the choice between the two rounds has one place, and what was signed stays ticked', async ({
  core,
  page,
}) => {
  core.answer('readBatteries', () => ok(scene.batteries()));
  core.answer('signSweep', ({ seen }) =>
    ok({ heardLocked: 9, seenLocked: seen.length, notLocked: 1, serialNumbers: [] }),
  );
  await page.getByRole('button', { name: 'Rounds' }).click();
  const choice = page.getByRole('button', { name: 'Battery round' });
  await page.getByRole('heading', { name: 'Closing check' }).waitFor();
  const before = await choice.boundingBox();
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: /^Sign: / }).click();
  await page.getByText(/^Signed at .*: 9 heard locked, 1 seen locked, 1 not confirmed\.$/).waitFor();
  expect(await page.getByRole('checkbox').first().isChecked()).toBe(true);
  await choice.click();
  await page.getByRole('heading', { name: 'Battery round' }).waitFor();
  expect(await choice.boundingBox()).toEqual(before);
});

it('what was signed is part of no further round', async ({ core, page }) => {
  core.answer('readBatteries', () => ok(scene.batteries()));
  core.answer('signBatteryRound', ({ changed }) => ok({ changed, left: 0, serialNumbers: [] }));
  await page.getByRole('button', { name: 'Rounds' }).click();
  await page.getByRole('button', { name: 'Battery round' }).click();
  const [first, second] = [page.getByRole('checkbox').first(), page.getByRole('checkbox').nth(1)];
  for (const one of [first, second]) {
    await one.check();
    await page.getByRole('button', { name: 'Sign: one changed' }).click();
    await page.getByText('none left').waitFor();
  }
  expect([await first.isChecked(), await second.isChecked()]).toEqual([false, true]);
  const handed = core.seen.filter(({ name }) => name === 'signBatteryRound').map(({ input }) => input);
  expect(handed).toEqual([{ changed: [scene.serialOf(4)] }, { changed: [scene.serialOf(6)] }]);
});

it.for([
  [1280, 800],
  [640, 800],
] as const)(
  'the question whether somebody is still there covers no button at %d × %d',
  async ([width, height], { core, page }) => {
    await core.show('newLocks', scene.newLocks());
    core.answer('touch', () => ok(null));
    await page.setViewportSize({ width, height });
    await page.getByRole('button', { name: '2 new locks' }).click();
    const { session } = scene.signedIn();
    if (!session) throw new Error('nobody is signed in');
    await core.show('kiosk', scene.signedIn({ session: { ...session, idleAt: scene.sceneNow + 15_000 } }));
    await page.getByText(/^Still there/).waitFor();
    // A click waits until nothing lies over what it is meant for.
    await page.getByRole('button', { name: 'Tick all' }).click();
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    await page.getByRole('heading', { name: 'Enrol 2 new locks' }).waitFor();
  },
);

it.for([
  [1024, 768],
  [1280, 800],
  [640, 800],
] as const)(
  'it covers no button of an open sheet at %d × %d either, and moves none under a finger',
  async ([width, height], { core, page }) => {
    core.answer('touch', () => {
      void core.show('kiosk', scene.signedIn());
      return ok(null);
    });
    core.answer('identify', () => ok(null));
    await page.setViewportSize({ width, height });
    const sheet = page.getByRole('dialog');
    const ask = async (): Promise<void> => {
      const { session } = scene.signedIn();
      if (!session) throw new Error('nobody is signed in');
      await core.show(
        'kiosk',
        scene.signedIn({
          session: { ...session, name: 'Alexandrina Fitzgerald-Montgomery', idleAt: scene.sceneNow + 15_000 },
        }),
      );
      await sheet.getByText(/^Still there/).waitFor();
    };
    /** The buttons of the sheet of which something lies over a corner or over the middle, once they are in sight. */
    const covered = (): Promise<unknown> =>
      page.evaluate(`[...document.querySelectorAll('dialog button')].flatMap((button) => {
      button.scrollIntoView({ block: 'nearest' });
      const { left, top, right, bottom } = button.getBoundingClientRect();
      const free = [[left + 8, top + 8], [right - 8, bottom - 8], [(left + right) / 2, (top + bottom) / 2]].every(
        ([x, y]) => button.contains(document.elementFromPoint(x, y)),
      );
      return free ? [] : [button.textContent.trim()];
    })`);
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await sheet.getByRole('button', { name: 'Make it blink' }).waitFor();
    await ask();
    await covered();
    // A finger stays down for longer than the kiosk takes to hear that somebody is there.
    await sheet.getByRole('button', { name: 'Make it blink' }).hover();
    await page.mouse.down();
    await expect.poll(() => core.seen.some(({ name }) => name === 'touch')).toBe(true);
    await sheet.getByText(/Signing out in (600|5\d\d) s/).waitFor();
    await page.mouse.up();
    await expect.poll(() => core.seen.some(({ name }) => name === 'identify')).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: /^Open all 2 nearby/ })
      .first()
      .click();
    await ask();
    await covered();
  },
);

it.for([1280, 640])(
  'the numbers under Health stand clear of their labels at %d px',
  async (width, { page, header }) => {
    await page.setViewportSize({ width, height: 800 });
    await header.locator('.pill').click();
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    const rows = page.locator('dl div');
    expect(await rows.filter({ hasText: 'Customer Intermediate Certificate' }).count()).toBe(1);
    expect(await rows.count()).toBeGreaterThan(8);
    // A thousand where a value stands below its label.
    const gaps: readonly number[] =
      await page.evaluate(`[...document.querySelectorAll('dl div')].map((row) => {
    const edges = (element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect();
    };
    const [label, value] = ['dt', 'dd'].map((name) => edges(row.querySelector(name)));
    return value.top >= label.bottom - 1 ? 1_000 : value.left - label.right;
  })`);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(8);
  },
);
