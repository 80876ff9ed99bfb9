/** A version that waits behind the bell, and the screen while it is installed. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { leadsPageTest } from './leads-page.ts';
import { heading } from './screens-common.ts';
import { offer, openBell } from './screens-updates.ts';

const it = leadsPageTest().extend(
  'waits',
  ({ core }) =>
    (tonight = false) =>
      core.show('kiosk', scene.signedIn({ update: { offer: { ...offer, tonight } } })),
);

it('what waits is asked about with the keyboard alone, and begun by nothing but a yes', async ({
  inputsOf,
  core,
  page,
  waits,
  button,
}) => {
  await waits();
  core.answer('chooseUpdate', () => ok(null));
  await openBell(page);
  await button('Now').focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Install version 0.3.1 now?');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(inputsOf('chooseUpdate')).toEqual([]);
  expect(await page.locator(':focus').textContent()).toBe('Now');
  await page.keyboard.press('Enter');
  await button('Install now').click();
  await page.getByText('Looking whether the kiosk is free').waitFor();
  expect(inputsOf('chooseUpdate')).toEqual([{ version: '0.3.1', when: 'now' }]);
  // The core has signed them out, and hands it over.
  await core.show('kiosk', scene.kiosk({ update: { installing: { done: 0, steps: 4 } } }));
  await heading(page, 'Updating');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('what is refused is said in the sheet, and can be tried again', async ({ core, page, waits, button }) => {
  await waits();
  core.answer('chooseUpdate', () => fail('update.kiosk_busy'));
  await openBell(page);
  await button('Now').click();
  await button('Install now').click();
  await page.getByText('The kiosk is busy.').waitFor();
  expect(await button('Install now').isEnabled()).toBe(true);
});

it('what may wait for the night rings no bell any more, and can still be installed now', async ({
  inputsOf,
  core,
  page,
  waits,
  button,
}) => {
  await waits();
  core.answer('chooseUpdate', () => ok(null));
  await openBell(page);
  await button('Tonight').click();
  await waits(true);
  await page.getByText('Noted: it waits for its time.').waitFor();
  expect(inputsOf('chooseUpdate')).toEqual([{ version: '0.3.1', when: 'tonight' }]);
  expect([await button('Tonight').count(), await button('Now').count()]).toEqual([0, 1]);
  expect(await page.getByRole('button', { name: /and a new version/ }).count()).toBe(0);
});

it('whoever may not acknowledge finds no bell, whatever waits', async ({ core, page }) => {
  const { session } = scene.signedIn();
  if (!session) throw new Error('nobody is signed in');
  await core.show('kiosk', scene.kiosk({ session: { ...session, permissions: ['open'] } }));
  expect(await page.getByRole('button', { name: /Opens the list/ }).count()).toBe(0);
});

it('while it is installed, the bar is full of nothing that is not done, and whoever needs a lock signs in', async ({
  core,
  page,
  button,
}) => {
  const installing = { done: 1, steps: 4 };
  await core.show('kiosk', scene.kiosk({ update: { installing } }));
  await heading(page, 'Updating');
  const bar = page.getByRole('progressbar', { name: 'Step 2 of 4' });
  expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['1.5', '4']);
  await button('Sign in instead').click();
  await heading(page, 'Choose your name');
  // A step further it is still theirs; what is over and begins anew is shown again.
  await core.show('kiosk', scene.kiosk({ update: { installing: { done: 2, steps: 4 } } }));
  expect(await page.getByRole('heading', { name: 'Updating' }).count()).toBe(0);
  await core.show('kiosk', scene.kiosk());
  await core.show('kiosk', scene.kiosk({ update: { installing } }));
  await heading(page, 'Updating');
});
