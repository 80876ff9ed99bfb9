/** What passers-by read of who works here: no surname, until its owner's PIN was right. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
const surnames = scene.staff.flatMap(({ name }) => name.split(' ').slice(1));

const it = kioskPageTest((kiosk) => kiosk.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) })))
  /** All that is on the screen, and all that is said of it to who hears it. */
  .extend(
    'onScreen',
    ({ page }) =>
      async () =>
        String(
          await page.evaluate(
            "document.body.innerText + [...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel).join()",
          ),
        ),
  )
  .extend('readsNoSurname', ({ onScreen }) => async (): Promise<void> => {
    const text = await onScreen();
    expect(text).toContain('Maya L.');
    expect(surnames.filter((surname) => text.includes(surname))).toEqual([]);
  });

it('the list, the PIN, a wrong PIN and a pause show first names and initials; the bar the full name after it', async ({
  core,
  page,
  readsNoSurname,
}) => {
  await page.getByText('Maya L. was signed out').waitFor();
  await readsNoSurname();
  await page.getByRole('button', { name: /^Maya L\./ }).click();
  await page.getByRole('heading', { name: 'Maya L.', exact: true }).waitFor();
  await readsNoSurname();
  core.answer('signIn', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
  await page.keyboard.type('1357');
  await page.keyboard.press('Enter');
  await page.getByText('3 tries are left').waitFor();
  await readsNoSurname();
  const lockedUntil = scene.sceneNow + 90_000;
  const people = scene.staff.slice(2).map(({ staffId, name }) => ({ staffId, name }));
  core.answer('whoMayLift', () => ok({ people }));
  core.answer('liftPause', () => {
    void core.show('kiosk', scene.kiosk());
    return ok(null);
  });
  await core.show(
    'kiosk',
    scene.kiosk({ staff: scene.staff.map((one, at) => (at === 0 ? { ...one, lockedUntil } : one)) }),
  );
  await page.getByText('Signing in is paused for').waitFor();
  await page.getByText('Maya L. can be let in now. Who does it?').waitFor();
  await readsNoSurname();
  await page.getByRole('button', { name: 'Priya R.' }).click();
  await page.getByText('PIN of Priya R., to let Maya L. in').waitFor();
  await readsNoSurname();
  await page.keyboard.type('86');
  await page.getByRole('img', { name: '2 digits entered' }).waitFor();
  // The pause ends by itself meanwhile: what is typed on goes to the same PIN, and not into Maya's.
  await core.show('kiosk', scene.kiosk());
  await page.getByText('Signing in is paused for 0:00').waitFor();
  await page.keyboard.type('42');
  await page.keyboard.press('Enter');
  await page.getByText('The pause is over. Enter your PIN.').waitFor();
  const by = { staffId: scene.idOf(3), pin: '8642' };
  expect(core.seen.find(({ name }) => name === 'liftPause')?.input).toEqual({ staffId: scene.idOf(1), by });
  core.answer('signIn', () => {
    void core.show('kiosk', scene.signedIn());
    return ok(null);
  });
  await page.keyboard.type('2468');
  await page.keyboard.press('Enter');
  await page.getByText('Maya Lindqvist').waitFor();
});
