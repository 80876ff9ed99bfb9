/** A kiosk that gets its updates by itself, in Health, behind the bell, and while it installs one: for the list of screens. */
import type { Page } from 'playwright-core';
import { fail } from '#shared/errors/app-error.ts';
import type { UpdateNotice, UpdatesView } from '#shared/ipc/update-view.ts';
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
  urgent: false,
};

/** What Health shows of one that does not wait for the night. */
export const waitsUrgently: UpdatesView = {
  ...rest,
  state: 'waiting',
  offered: { ...offered, urgent: true },
};

/** What waits, for who may say when. */
export const offer: NonNullable<UpdateNotice['offer']> = {
  ...offered,
  window: rest.window,
  tonight: false,
};
export const openBell = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /and a new version\. Opens the list/ }).click();
const news = (hours: number) => ({ what: 'installed', at: scene.sceneNow - hours * 3_600_000 }) as const;

export const showsInHealth = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('button', { name: /Ready/ }).click();
  await page.getByText(text).scrollIntoViewIfNeeded();
};

export const updateScreens = [
  {
    name: 'update-ready',
    prepare: (core: FakeCore) => core.show('kiosk', scene.signedIn({ update: { offer } })),
    reach: async (page: Page) => {
      await openBell(page);
      await page.getByRole('heading', { name: 'Version 0.3.1 is ready' }).waitFor();
    },
  },
  {
    name: 'update-now',
    prepare: async (core: FakeCore) => {
      await core.show('kiosk', scene.signedIn({ update: { offer } }));
      core.answer('chooseUpdate', () => fail('update.kiosk_busy'));
    },
    reach: async (page: Page) => {
      await openBell(page);
      await page.getByRole('button', { name: 'Now', exact: true }).click();
      await page.getByRole('button', { name: 'Install now' }).click();
      await page.getByText('The kiosk is busy.').waitFor();
    },
  },
  {
    name: 'update-given-up',
    prepare: (core: FakeCore) => {
      const problem = { code: 'update.given_up', params: { version: '0.3.1', installed: '0.3.0' } } as const;
      const update = { offer: { ...offer, tonight: true, problem } };
      return core.show('kiosk', scene.signedIn({ update }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Opens the list/ }).click();
      await page.getByText('Version 0.3.1 is not tried again by itself.').waitFor();
    },
  },
  {
    name: 'updating',
    prepare: (core: FakeCore) =>
      core.show('kiosk', scene.kiosk({ update: { installing: { done: 2, steps: 4 } } })),
    reach: (page: Page) => page.getByText('Step 3 of 4', { exact: true }).waitFor(),
  },
  {
    name: 'sign-in-updated',
    prepare: (core: FakeCore) => core.show('kiosk', scene.kiosk({ update: { news: news(11) } })),
    reach: (page: Page) => page.getByText('Updated at 03:30.').waitFor(),
  },
  {
    name: 'update-went-back',
    prepare: (core: FakeCore) => {
      const went = { what: 'went_back', at: scene.sceneNow - 11 * 3_600_000, version: '0.3.0' } as const;
      return core.show('kiosk', scene.signedIn({ update: { news: went } }));
    },
    reach: async (page: Page) => {
      await page.getByRole('button', { name: /Opens the list/ }).click();
      await page.getByText('went back to version 0.3.0').waitFor();
    },
  },
  {
    name: 'health-updates-downloading',
    prepare: (core: FakeCore) =>
      core.show('health', scene.health({ updates: { ...rest, state: 'downloading', offered, percent: 42 } })),
    reach: (page: Page) => showsInHealth(page, '42% of it is here.'),
  },
  {
    name: 'health-updates',
    prepare: (core: FakeCore) =>
      core.show('health', scene.health({ updates: { ...rest, state: 'waiting', offered } })),
    reach: async (page: Page) => {
      await showsInHealth(page, 'Version 0.3.1 will be installed between 02:00 and 05:00');
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
    reach: (page: Page) => showsInHealth(page, 'The kiosk went back to version 0.3.0.'),
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
    reach: (page: Page) => showsInHealth(page, 'Updated to version 0.3.1'),
  },
];
