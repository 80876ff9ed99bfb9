/** Whose language the page speaks: the store's, that of whoever stands there, that of whoever is signed in. */
import { expect } from 'vitest';
import type { Language } from '#shared/models/language.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { dictionaries } from '#support/dictionaries.ts';
import type { MessageKey } from '../../renderer/i18n/dictionaries.ts';
import { holdClock } from './screens-common.ts';

const session = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 600_000 };

const it = kioskPageTest((kiosk) => kiosk.show('kiosk', scene.kiosk({ language: 'es' })))
  .extend(
    'says',
    ({ page }) =>
      (language: Language, role: 'heading' | 'button', key: MessageKey) =>
        page.getByRole(role, { name: dictionaries[language].words[key], exact: true }).waitFor(),
  )
  /** The sign-in, or somebody's Counter. */
  .extend(
    'asksIn',
    ({ says }) =>
      (language: Language) =>
        says(language, 'heading', 'signin.title'),
  )
  .extend(
    'servesIn',
    ({ says }) =>
      (language: Language) =>
        says(language, 'button', 'bar.sign_out'),
  )
  .extend('speaks', ({ page }) => async (language: Language): Promise<void> => {
    await page.locator(`html[lang=${language}][dir=ltr]`).waitFor();
  });

it('is the store’s before anybody is signed in, the person’s own while they are, and the store’s again', async ({
  core,
  asksIn,
  servesIn,
  speaks,
}) => {
  await asksIn('es');
  await speaks('es');
  await core.show('kiosk', scene.kiosk({ language: 'es', session: { ...session, language: 'fr' } }));
  await servesIn('fr');
  await speaks('fr');
  await core.show('kiosk', scene.kiosk({ language: 'es', session }));
  await servesIn('es');
  await core.show('kiosk', scene.kiosk({ language: 'es' }));
  await asksIn('es');
});

it('is at the sign-in what whoever stands there taps, each language in its own words, and theirs while they have no other', async ({
  core,
  page,
  asksIn,
  servesIn,
  speaks,
}) => {
  const choice = page.getByRole('group', { name: 'Idioma' });
  await choice.waitFor();
  expect(await choice.getByRole('button').allInnerTexts()).toEqual([
    'English',
    'Français',
    'Deutsch',
    'Español',
  ]);
  for (const [label, lang] of [['Français', 'fr'] as const, ['Deutsch', 'de'] as const]) {
    expect(await choice.getByRole('button', { name: label }).getAttribute('lang')).toBe(lang);
  }
  await choice.getByRole('button', { name: 'Deutsch' }).click();
  await asksIn('de');
  await speaks('de');
  await core.show('kiosk', scene.kiosk({ language: 'es', session }));
  await servesIn('de');
  await core.show('kiosk', scene.kiosk({ language: 'es' }));
  await asksIn('es');
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await asksIn('de');
  await core.show('kiosk', scene.kiosk({ language: 'es', session: { ...session, language: 'fr' } }));
  await servesIn('fr');
});

it('is the store’s again a minute after the last touch of whoever chose another and did not sign in', async ({
  core,
  page,
  asksIn,
}) => {
  await holdClock(page);
  await page.getByRole('button', { name: 'English' }).click();
  await asksIn('en');
  await page.clock.fastForward(50_000);
  await page.getByRole('heading', { name: 'Choose your name' }).click();
  await page.clock.fastForward(50_000);
  // What the kiosk tells by itself is no touch.
  await core.show('kiosk', scene.kiosk({ language: 'es', now: scene.sceneNow + 100_000 }));
  await asksIn('en');
  await page.clock.fastForward(15_000);
  await asksIn('es');
});

it('is what somebody who is signed in chooses under “This screen”, until they sign out', async ({
  core,
  page,
  says,
  servesIn,
  speaks,
}) => {
  await core.show('kiosk', scene.kiosk({ language: 'es', session }));
  await servesIn('es');
  await page.locator('header button').last().click();
  await page.getByRole('group', { name: 'Idioma' }).getByText('Français').click();
  await says('fr', 'heading', 'health.title');
  expect(
    await page.getByRole('group', { name: 'Langue' }).getByRole('radio', { checked: true }).count(),
  ).toBe(1);
  await core.show('kiosk', scene.kiosk({ language: 'es' }));
  await speaks('es');
});

it('is the computer’s before the kiosk has a store, and can be chosen', async ({ core, page, says }) => {
  await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
  await says('en', 'heading', 'setup.title');
  await page.getByRole('button', { name: 'Français' }).click();
  await says('fr', 'heading', 'setup.title');
});
