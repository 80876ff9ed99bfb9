/** What is seen seldom, and has to be as good as the rest: for the list of screens. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import { activityPage } from '#shared/ipc/activity.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { mostRows } from '../../renderer/state/activity.svelte.ts';
import { activityRow, openActivity, showActivity } from './screens-activity.ts';
import { enrolReady } from './states-adding.ts';
import { attempt, heading, never, press, pressIn, tapFirst, type Screen } from './screens-common.ts';
import { reasonOnly, showFirst } from './screens-rights.ts';

/** As a finger does: the pointer says what it is, and the focus follows. */
const touchField = async (page: Page, label: string): Promise<void> => {
  const field = page.getByLabel(label, { exact: true });
  await field.waitFor();
  await field.dispatchEvent('pointerdown', { bubbles: true, pointerType: 'touch' });
  await field.focus();
};

const lastRows = (before: number | null) => {
  const first = before ?? 2_000;
  const rows = Array.from({ length: activityPage }, (_, at) =>
    activityRow(first - 1 - at, (2_000 - first) / 4 + at / 4),
  );
  return { rows, next: first - activityPage };
};

/** The page anew, where `parts` of it are asked for and do not come. */
const holdBack = async (page: Page, parts: RegExp): Promise<void> => {
  await page.route(parts, never);
  await page.reload();
};

/** In place of a part that has not come there is what says that it is coming, once it has faded in. */
const isComing = async (page: Page): Promise<void> => {
  await page.locator('.coming').waitFor();
  await page.evaluate(
    `Promise.all(document.querySelector('.coming').getAnimations().map(({ finished }) => finished)).then(() => undefined)`,
  );
};

export const rareScreens: readonly Screen[] = [
  {
    name: 'sign-in-badge-of-two',
    prepare: async (core: FakeCore) => {
      await core.show('kiosk', scene.kiosk({ takesBadges: true }));
      core.answer('signInByBadge', () => fail('badge.of_two'));
    },
    reach: async (page) => {
      await heading(page, 'Choose your name');
      await scan(page, '0012345678');
      await page.getByText('This badge is two people’s.').waitFor();
    },
  },
  {
    name: 'counter-data-lost',
    prepare: (core: FakeCore) =>
      core.show('kiosk', scene.signedIn({ notice: { code: 'storage.lost', params: {} } })),
    reach: (page) => page.getByText('The kiosk’s data was gone, and has begun anew.').waitFor(),
  },
  {
    // The page holds no more of a journal than somebody reads, and says at its end how to see further back.
    name: 'activity-end',
    prepare: (core: FakeCore) => {
      showActivity(core);
      core.answer('readActivity', ({ before }) => ok(lastRows(before)));
    },
    reach: async (page) => {
      await openActivity(page);
      const lines = page.locator('main ol li');
      for (let shown = activityPage; shown < mostRows; shown += activityPage) {
        await lines.nth(shown - 1).waitFor();
        await page.getByRole('button', { name: 'Show more' }).click();
      }
      await page.getByText('These are the newest 500 that fit.').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'keyboard-signs',
    reach: async (page) => {
      await touchField(page, 'Search locks');
      await page.getByRole('button', { name: 'Signs and further letters' }).click();
      await page.getByRole('button', { name: '&', exact: true }).waitFor();
    },
  },
  {
    name: 'unlock-asking-sheet',
    prepare: (core: FakeCore) => {
      core.answer('unlock', () => {
        const end = { kind: 'unknown' } as const;
        void core.show('attempt', attempt({ stage: 'actuate', canStop: false, end }));
        return ok(end);
      });
      core.answer('askLock', () => new Promise(() => undefined));
    },
    reach: async (page) => {
      await tapFirst(page);
      await page.getByRole('button', { name: 'Ask the lock' }).click();
      await page.getByRole('button', { name: 'Asking the lock …' }).waitFor();
    },
  },
  {
    name: 'lock-release',
    prepare: (core: FakeCore) => showFirst(core, { toBeReleased: true }),
    reach: async (page) => {
      await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
      await page.getByRole('button', { name: 'Remove from this store' }).click();
      await page.getByRole('button', { name: 'Yes, remove it' }).waitFor();
    },
  },
  {
    name: 'screen-coming',
    prepare: (core) =>
      core.show('health', { ...scene.offline(), radio: { state: 'no_dongle', since: scene.offlineSince } }),
    reach: async (page) => {
      await holdBack(page, /assets\/Health-/);
      await press(page, /^Nothing opens: no dongle/);
      await isComing(page);
    },
  },
  {
    name: 'sheet-coming',
    prepare: (core: FakeCore) => showFirst(core, { needs: reasonOnly }),
    reach: async (page) => {
      await holdBack(page, /assets\/(Asking|GroupSheet)-/);
      await tapFirst(page);
      await isComing(page);
    },
    states: {
      'of a group': async (page) => {
        await pressIn(page, 'Close');
        await press(page, /^Open all 2 nearby/);
        await isComing(page);
      },
    },
  },
  enrolReady,
];
