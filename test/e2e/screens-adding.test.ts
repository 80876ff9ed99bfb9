/** Adding locks: names that go on from the first, a name that is taken, and how many rows a person sees at once. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

let core: FakeCore;
let page: Page;
const count = 20;
useKioskPage(
  (kiosk) => {
    kiosk.show('locks', { locks: scene.locks(), foreign: [] });
    kiosk.show('enrolments', scene.enrolments());
    kiosk.show('newLocks', {
      locks: Array.from({ length: count }, (_, at) => ({
        serialNumber: scene.serialOf(0x200 + at),
        proximity: 'here' as const,
        battery: 100,
        enrolment: null,
      })),
    });
  },
  (to) => ({ core, page } = to),
);

const names = () => page.getByLabel(/^Name of lock/);
const toNaming = async (): Promise<void> => {
  await page.getByRole('button', { name: `${count} new locks` }).click();
  await page.getByRole('button', { name: 'Tick all' }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  await names().first().waitFor();
};
const named = async (): Promise<string[]> =>
  Promise.all((await names().all()).map((name) => name.inputValue()));

it('“Hook 1” offers Hook 2 to the last for the rest, and Enter takes it', async () => {
  await toNaming();
  await names().first().fill('Hook 1');
  await page.getByRole('button', { name: `Name the rest Hook 2 … Hook ${count}` }).waitFor();
  await names().first().press('Enter');
  expect(await named()).toEqual(Array.from({ length: count }, (_, at) => `Hook ${at + 1}`));
  expect(await page.getByRole('button', { name: /^Name the rest/ }).count()).toBe(0);
  // What was accepted is kept as what was typed is.
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  expect((await named()).at(-1)).toBe(`Hook ${count}`);
});

it('says of each name that another lock of the group has it', async () => {
  await toNaming();
  await page.getByRole('textbox', { name: 'Group' }).fill('Spirits');
  await names().nth(1).fill('Spirits cabinet 1');
  await page.getByText('Another lock of this group is called “Spirits cabinet 1”, too.').waitFor();
  await names().nth(1).fill('Spirits cabinet 9');
  await names().nth(2).fill('Spirits cabinet 9');
  await expect.poll(() => page.getByText('is called “Spirits cabinet 9”, too.').count()).toBe(2);
});

it('shows at least five rows to name at 1280 × 800', async () => {
  await toNaming();
  const foot = await page.getByRole('button', { name: `Capture all ${count}` }).boundingBox();
  const boxes = await Promise.all((await names().all()).map((one) => one.boundingBox()));
  const whole = boxes.filter((box) => box && box.y + box.height <= (foot?.y ?? 0)).length;
  expect(whole).toBeGreaterThanOrEqual(5);
});

it('a lock of another store is a matter for Health, not for the Counter', async () => {
  core.show('locks', {
    locks: scene.locks(),
    foreign: [{ serialNumber: scene.serialOf(255), proximity: 'far' }],
  });
  await page.getByRole('button', { name: /^Spirits cabinet 1/ }).waitFor();
  const words = page.getByText('One lock of another store is in range.');
  expect(await words.count()).toBe(0);
  await page.getByRole('button', { name: /^Bluetooth: ready/ }).click();
  await words.waitFor();
});
