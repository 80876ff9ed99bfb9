/** Where badges are given and blocked: for the list of screens. */
import type { Page } from 'playwright-core';
import type { FakeCore } from '#support/fake-core.ts';
import { ok } from '#shared/errors/app-error.ts';
import type { HeldRole } from '#shared/ipc/views.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';

const day = 86_400_000;
const mayas = { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 600_000 };

/** Maya may manage badges; Tom has two, of which one is blocked. */
export const showBadges = async (core: FakeCore): Promise<void> => {
  const counts = [1, 1, 0, 3];
  const roles: readonly HeldRole[] = [
    { roleId: 'manager', name: null, at: ['district'] },
    { roleId: 'lead', name: null, at: ['store'] },
    { roleId: 'auditor', name: null, at: ['organisation'] },
    { roleId: 'keyholder', name: 'Key holder', at: [] },
  ];
  const staff = scene.staff.map((one, at) => ({
    ...one,
    badges: counts[at] ?? 0,
    roles: roles.slice(at, at + 1),
    employeeNumber: `10${at + 2}7`,
  }));
  const above = { district: 'North', organisation: 'Harbour Retail' };
  await core.show('kiosk', scene.kiosk({ session: mayas, staff, takesBadges: true, ...above }));
  core.answer('personBadges', () =>
    ok({
      badges: [
        { badgeId: '2222222222222222', blocked: false, since: scene.sceneNow - 40 * 60_000 },
        { badgeId: '1111111111111111', blocked: true, since: scene.sceneNow - 2 * day },
      ],
    }),
  );
};
export const goToBadges = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /Ready/ }).click();
  await page.getByRole('button', { name: 'Give or block badges' }).click();
  await heading(page, 'Badges');
};

export const badgeScreens = [
  { name: 'badges', prepare: showBadges, reach: goToBadges },
  {
    name: 'badges-person',
    prepare: async (core: FakeCore) => {
      await showBadges(core);
      core.answer('readBadge', () => ok({ badgeId: '3333333333333333', holder: null }));
    },
    reach: async (page: Page) => {
      await goToBadges(page);
      await page.getByRole('button', { name: /^Tom Okafor/ }).click();
      await page.getByText('Blocked on 2 Mar').waitFor();
      await scan(page, '0012345678');
      await page.getByText('Hold it to the reader once more to give it to Tom Okafor.').waitFor();
    },
  },
];
