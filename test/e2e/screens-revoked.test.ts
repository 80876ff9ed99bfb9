/** A revoked kiosk, in a real browser: from its own screen it is set up again, by a person with a new code. */
import { expect, inject } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { withBrowser } from '#support/browser-test.ts';
import { startFakeCore } from '#support/fake-core.ts';
import { openPage } from '#support/open-page.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';

const it = withBrowser();

it('is set up again with a new code, after a code that was refused', async ({ browser }) => {
  const core = await startFakeCore(inject('kioskPage'));
  await core.show(
    'kiosk',
    scene.kiosk({ phase: 'revoked', storeName: null, staff: [], revokedFor: 'lost_or_stolen' }),
  );
  await core.show('health', scene.health());
  let tries = 0;
  core.answer('registerKiosk', () => {
    tries += 1;
    if (tries === 1) return fail('sync.registration_refused');
    void core.show('kiosk', scene.kiosk());
    return ok(null);
  });
  const open = await openPage(browser, core);
  const { page } = open;
  try {
    await heading(page, 'This kiosk has been revoked');
    await page.getByText('reported lost or stolen').waitFor();
    await page.getByLabel('Registration code').fill('ABCDEFGHJKLMNPQR');
    await page.getByLabel('Name of this kiosk').fill('Front counter');
    await page.getByRole('button', { name: 'Set up again' }).click();
    await page.getByText('That registration code was not accepted.').waitFor();
    await page.getByRole('button', { name: 'Set up again' }).click();
    await heading(page, 'Choose your name');
    expect(tries).toBe(2);
    expect(open.complaints).toEqual([]);
  } finally {
    await open.close();
    await core.dispose();
  }
});
