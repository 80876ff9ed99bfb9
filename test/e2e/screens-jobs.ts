/** Jobs of the day: customers who wait. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { activitySummary, openActivity, showActivity } from './screens-activity.ts';

const since = scene.sceneNow - 3 * 60_000;

export const jobScreens = [
  {
    name: 'customer-sign-in',
    prepare: (core: FakeCore) => core.show('kiosk', scene.kiosk({ customer: { since: null } })),
    reach: (page: Page) => page.getByRole('button', { name: 'Customer waiting' }).waitFor(),
  },
  {
    name: 'customer-waiting',
    prepare: (core: FakeCore) => core.show('kiosk', scene.signedIn({ customer: { since } })),
    reach: (page: Page) => page.getByText('A customer has been waiting since 14:27.').waitFor(),
  },
  {
    name: 'activity-serving',
    prepare: (core: FakeCore) => {
      showActivity(core);
      const serving = {
        all: { count: 14, median: 74, ninetieth: 190 },
        lapsed: 2,
        groups: [
          { group: 'Health', count: 5, median: 58, ninetieth: 120 },
          { group: 'Spirits', count: 9, median: 82, ninetieth: 190 },
        ],
        hours: [
          { hour: 9, count: 4, median: 41, ninetieth: 70 },
          { hour: 13, count: 10, median: 96, ninetieth: 190 },
        ],
      };
      core.answer('sumUpActivity', () => ok(activitySummary({ serving, attention: [] })));
    },
    reach: async (page: Page) => {
      await openActivity(page);
      await page.getByRole('heading', { name: 'How long customers waited' }).scrollIntoViewIfNeeded();
    },
  },
];
