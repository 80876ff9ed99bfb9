/** What badges, rounds and leaving say at other times: for the list of states. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { goToBadges, showBadges } from './screens-badges.ts';
import { heading, press, said, type Screen } from './screens-common.ts';

const { idOf } = scene;

const holdersBadge = (core: FakeCore, holder: { staffId: string; blocked: boolean } | null): void =>
  core.answer('readBadge', () => ok({ badgeId: '3333333333333333', holder }));
const hold =
  (words: string, staffId: string | null, blocked = false) =>
  async (page: Page, core: FakeCore) => {
    holdersBadge(core, staffId === null ? null : { staffId, blocked });
    await scan(page, '0012345678');
    await said(page, words);
  };
const blank = { badgeId: '3333333333333333', since: null };
const toTom = (page: Page): Promise<void> => press(page, /^Tom Okafor/);

export const badgeStates: readonly Screen[] = [
  {
    name: 'badges-held',
    prepare: showBadges,
    reach: goToBadges,
    states: {
      'of nobody': hold('This badge is nobody’s.', null),
      'of somebody who is not listed': hold('somebody who is not listed', idOf(77)),
      blocked: hold('and it is blocked', idOf(2), true),
    },
  },
  {
    name: 'badges-of-one',
    prepare: async (core) => {
      await showBadges(core);
      core.answer('personBadges', () => ok({ badges: [{ ...blank, blocked: false }] }));
      core.answer('blockBadges', () => ok(null));
    },
    reach: async (page) => {
      await goToBadges(page);
      await toTom(page);
      await page.getByText('Signs in').waitFor();
    },
    states: {
      theirs: hold('This is a badge of Tom Okafor.', idOf(2)),
      'theirs, blocked': hold('This badge of Tom Okafor is blocked.', idOf(2), true),
      'of another': hold('Nothing was changed', idOf(3)),
      'of another, blocked': hold('stays theirs', idOf(3), true),
      'all blocked': async (page, core) => {
        core.answer('personBadges', () => ok({ badges: [{ ...blank, blocked: true }] }));
        await press(page, 'Block all');
        await said(page, 'Blocked: here at once');
      },
      'held twice': async (page, core) => {
        core.answer('assignBadge', () => ok(null));
        await hold('Hold it to the reader once more', null)(page, core);
        // Within a second it would be the reader that sends it twice.
        await page.waitForTimeout(1_050);
        await hold('The badge now signs Tom Okafor in', null)(page, core);
      },
    },
  },
  {
    name: 'badges-of-none',
    prepare: async (core) => {
      await showBadges(core);
      // What a store is in has no name yet.
      await core.alter('kiosk', { district: undefined, organisation: undefined });
      core.answer('personBadges', () => ok({ badges: [] }));
    },
    reach: async (page) => {
      await goToBadges(page);
      await press(page, /^Priya Raman/);
      await page.getByText('Priya Raman has no badge.').waitFor();
    },
  },
  {
    name: 'sweep-empty',
    prepare: (core) => core.show('locks', { locks: [], foreign: [] }),
    reach: async (page) => {
      await press(page, 'Rounds');
      await heading(page, 'No locks');
    },
  },
  {
    name: 'leaving',
    prepare: async (core) => {
      await core.alter('kiosk', { canLeave: true });
      core.answer('leaveKiosk', () => ok(null));
    },
    reach: async (page) => {
      await press(page, /Ready/);
      await press(page, 'Leave the kiosk');
      await page.keyboard.type('123456');
      await page.keyboard.press('Enter');
      await page.getByText('The kiosk is ending …').first().waitFor();
    },
  },
];
