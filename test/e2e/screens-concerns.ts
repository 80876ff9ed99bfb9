/** Screens on which somebody has to act or to be found: for the list of screens. */
import type { Page } from 'playwright-core';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';

export const concernScreens = [
  {
    name: 'counter-nothing-opens',
    prepare: (core: FakeCore) => {
      const obstacle = {
        code: 'vault.lease_expired',
        params: { lastContactAt: scene.sceneNow - 8 * 86_400_000 },
      } as const;
      core.show('kiosk', scene.signedIn({ obstacle }));
      core.show('locks', { locks: scene.locks().map((lock) => ({ ...lock, obstacle })), foreign: [] });
    },
    reach: (page: Page) => page.getByText('Nothing opens.').waitFor(),
  },
  {
    name: 'lock-concerns',
    prepare: (core: FakeCore) => {
      const [first = scene.tile(1, '', '', 'here'), ...rest] = scene.locks();
      const tamper = { since: scene.sceneNow - 120_000, attended: false };
      const error = { code: 'lock.chain_refused', params: { reason: 'key_epoch_revoked' } } as const;
      const refused = { at: scene.sceneNow - 60_000, error };
      const concerned = { ...first, tamper, refused, unknownSince: scene.sceneNow - 90_000 };
      core.show('locks', { locks: [concerned, ...rest], foreign: [] });
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('button', { name: 'I have looked' }).waitFor();
    },
  },
  {
    name: 'sign-in-many',
    prepare: (core: FakeCore) => {
      const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gus', 'Hana', 'Ida', 'Jon', 'Kim', 'Lou'];
      const staff = names.map((name, at) => ({
        staffId: scene.idOf(at + 1),
        name: `${name} Martin`,
        lockedUntil: null,
      }));
      core.show('kiosk', scene.kiosk({ staff }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'H', exact: true }).click();
      await page.getByRole('button', { name: 'Hana M.' }).waitFor();
    },
  },
] as const;
