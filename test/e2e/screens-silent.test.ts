/** A lock that falls silent while it is connected to: what its tile says, and that it can be stopped. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, tapFirst } from './screens-common.ts';
const it = kioskPageTest((kiosk) => kiosk.show('locks', { locks: scene.locks(), foreign: [] }));

describe('a lock that is not heard any more while it is connected to', () => {
  const test = it
    .extend(
      'connecting',
      ({ core }) =>
        (secondsAgo: number) =>
          core.show('attempt', attempt({ stage: 'connect', startedAt: scene.sceneNow - secondsAgo * 1_000 })),
    )
    .extend(
      'stop',
      ({ page }) =>
        () =>
          page.getByRole('button', { name: 'Stop opening Spirits cabinet 1' }),
    )
    .extend('goesSilent', ({ core }) => async (): Promise<void> => {
      const locks = scene
        .locks()
        .map((lock) => ({ ...lock, proximity: null, boltOpen: null, battery: null }));
      await core.show('locks', { locks, foreign: [] });
    });

  test('is said to be silent after three seconds, with what to look at, and is stopped from its tile', async ({
    core,
    page,
    inputsOf,
    connecting,
    goesSilent,
  }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    core.answer('stopUnlock', () => ok(null));
    await tapFirst(page);
    await connecting(-60);
    await page.getByText('Connecting …', { exact: true }).waitFor();
    await goesSilent();
    await connecting(3);
    await page.getByText('No answer yet', { exact: true }).waitFor();
    // A tap that comes a moment later shows more of it.
    await page.waitForTimeout(650);
    await tapFirst(page);
    await page.getByRole('dialog').getByText('Is it still in its place?').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => inputsOf('stopUnlock')).toEqual([{ attemptId: scene.idOf(900) }]);
  });

  test('keeps its tile and its Stop in sight, also after another screen and whatever is looked for', async ({
    core,
    page,
    connecting,
    stop,
    goesSilent,
  }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    await tapFirst(page);
    await connecting(-60);
    await stop().waitFor();
    await goesSilent();
    await page.getByRole('button', { name: 'Being added' }).click();
    await page.getByRole('heading', { name: 'Being added', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await stop().waitFor();
    await page.keyboard.type('stockroom');
    await page.locator('main li', { hasText: 'Stockroom cage 1' }).first().waitFor();
    await stop().waitFor();
  });
});
