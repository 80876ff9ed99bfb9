/** The page while several taps wait their turn. */
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';
import { locksHere, names } from './screens-group.ts';

export const tom = scene.signedIn({
  session: { staffId: scene.idOf(2), name: 'Tom', idleAt: scene.sceneNow + 600_000 },
});

/** Locks that are heard; one opening is under way until the test ends it, and `ends` are those that were begun. */
export const turnsTest = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: locksHere(), foreign: [] });
  kiosk.answer('stopUnlock', () => ok(null));
  kiosk.answer('stopGroup', () => ok(null));
  kiosk.answer('unlockGroup', () => new Promise(() => undefined));
})
  .extend('ends', { auto: true }, ({ core }) => {
    const ends: ((as: 'open' | 'cancelled') => void)[] = [];
    core.answer('unlock', async ({ serialNumber }) => {
      const as = await new Promise<'open' | 'cancelled'>((resolve) => ends.push(resolve));
      if (as === 'open') return ok({ kind: 'open', until: scene.sceneNow + 60_000 });
      return ok({ kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } });
    });
    return ends;
  })
  .extend(
    'tap',
    ({ page }) =>
      (name: string) =>
        page.getByRole('button', { name: new RegExp(`^Open ${name}, `) }).click(),
  )
  .extend('nextPerson', ({ core, page }) => async (): Promise<void> => {
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    await core.show('kiosk', tom);
    await page.getByText('Tom', { exact: true }).waitFor();
  })
  .extend('opening', ({ inputsOf, tile, tap }) => async (name: string): Promise<void> => {
    await tap(name);
    await tile(name).getByText('Listening …').waitFor();
    await expect.poll(() => inputsOf('unlock').length).toBe(1);
  })
  /** Taps Stop and, as soon as it has gone, what lies under the finger then: in the page, where nothing comes in between. */
  .extend(
    'tapStopTwice',
    ({ page }) =>
      (name: string): Promise<unknown> =>
        page.evaluate(`(async () => {
    const stop = document.querySelector('button[aria-label="Stop opening ${name}"]');
    const { x, y, height } = stop.getBoundingClientRect();
    stop.click();
    while (stop.isConnected) await new Promise((resolve) => setTimeout(resolve, 5));
    document.elementFromPoint(x + 10, y + height / 2).click();
  })()`),
  );

turnsTest.beforeEach(({ tile }) => tile(names[3]).waitFor());
