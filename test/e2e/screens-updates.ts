/** Health of a kiosk that gets its updates by itself: for the list of screens. */
import type { Page } from 'playwright-core';
import type { UpdatesView } from '#shared/ipc/update-view.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';

const rest: UpdatesView = {
  state: 'current',
  since: scene.sceneNow - 20 * 60_000,
  version: '0.3.0',
  channel: 'updates.example.com',
  ring: 'early',
  window: { from: '02:00', to: '05:00' },
  lookedAt: scene.sceneNow - 12 * 60_000,
};

const offered = {
  version: '0.3.1',
  words: { en: 'Locks are found faster where many hang side by side.' },
};

const shows = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('button', { name: /Ready/ }).click();
  await page.getByText(text).scrollIntoViewIfNeeded();
};

export const updateScreens = [
  {
    name: 'health-updates',
    prepare: (core: FakeCore) =>
      core.show('health', scene.health({ updates: { ...rest, state: 'waiting', offered } })),
    reach: async (page: Page) => {
      await shows(page, 'Version 0.3.1 will be installed between 02:00 and 05:00');
      await page.getByText('Details').last().click();
      await page.getByText('Channel last read').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'health-updates-refused',
    prepare: (core: FakeCore) => {
      const problem = { code: 'update.went_back', params: { version: '0.3.1', installed: '0.3.0' } } as const;
      return core.show('health', scene.health({ updates: { ...rest, state: 'problem', problem } }));
    },
    reach: (page: Page) => shows(page, 'The kiosk went back to version 0.3.0.'),
  },
  {
    name: 'health-updated',
    prepare: (core: FakeCore) => {
      const updatedAt = scene.sceneNow - 11 * 3_600_000;
      return core.show(
        'health',
        scene.health({ updates: { ...rest, state: 'current', version: '0.3.1', updatedAt } }),
      );
    },
    reach: (page: Page) => shows(page, 'Updated to version 0.3.1'),
  },
];
