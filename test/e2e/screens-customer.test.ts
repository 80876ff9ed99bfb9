/** That a customer waits: by a touch, and by a wired button that types F13, on the list of names and wherever somebody is. */
import { expect } from 'vitest';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';

const it = kioskPageTest((kiosk) => kiosk.show('kiosk', scene.kiosk({ customer: { since: null } })))
  /** As the browser gets it from a keyboard. */
  .extend('pressWired', ({ page }) => async (): Promise<void> => {
    const keyboard = await page.context().newCDPSession(page);
    const key = { key: 'F13', code: 'F13', windowsVirtualKeyCode: 124 } as const;
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  })
  .extend(
    'asked',
    ({ core }) =>
      (): string[] =>
        core.seen.flatMap(({ name }) =>
          name === 'customerWaiting' || name === 'callOffCustomer' ? [name] : [],
        ),
  )
  .extend(
    'until',
    ({ asked }) =>
      (names: readonly string[]) =>
        expect.poll(asked, { timeout: 30_000 }).toEqual(names),
  );

it('is said by a touch or by the wired button, and called off by who is signed in', async ({
  core,
  page,
  pressWired,
  until,
}) => {
  await heading(page, 'Choose your name');
  await page.getByRole('button', { name: 'Customer waiting' }).click();
  await until(['customerWaiting']);
  await pressWired();
  await until(['customerWaiting', 'customerWaiting']);
  // The list of names is not searched for it.
  await page.getByRole('button', { name: 'Maya L.' }).waitFor();

  await core.show('kiosk', scene.kiosk({ customer: { since: scene.sceneNow } }));
  await page.getByText('A customer has been waiting since 14:30.').waitFor();
  expect(await page.getByRole('button', { name: 'Nobody is waiting' }).count()).toBe(0);
  await core.show('kiosk', scene.signedIn({ customer: { since: scene.sceneNow } }));
  await page.getByRole('button', { name: 'Nobody is waiting' }).click();
  await until(['customerWaiting', 'customerWaiting', 'callOffCustomer']);
});

it('has no button in a store that does not go by it, and no key', async ({
  core,
  page,
  pressWired,
  asked,
}) => {
  await core.show('kiosk', scene.kiosk());
  await expect.poll(() => page.getByRole('button', { name: 'Customer waiting' }).count()).toBe(0);
  await pressWired();
  await page.getByRole('button', { name: 'Maya L.' }).click();
  expect(asked()).toEqual([]);
});
