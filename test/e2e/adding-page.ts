/** The page where a box of new locks is added. */
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

export const count = 20;

/** Locks that lie there, and the way to where they are named. */
export const addingTest = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('enrolments', scene.enrolments());
  await kiosk.show('newLocks', {
    locks: Array.from({ length: count }, (_, at) => ({
      serialNumber: scene.serialOf(0x200 + at),
      proximity: 'here' as const,
      battery: 100,
      enrolment: null,
    })),
  });
})
  .extend('names', ({ page }) => page.getByLabel(/^Name of lock/))
  .extend('toNaming', ({ page, names }) => async (): Promise<void> => {
    await page.getByRole('button', { name: `${count} new locks` }).click();
    await page.getByRole('button', { name: 'Tick all' }).click();
    await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
    await names.first().waitFor();
  })
  .extend(
    'named',
    ({ names }) =>
      async (): Promise<string[]> =>
        Promise.all((await names.all()).map((name) => name.inputValue())),
  );
