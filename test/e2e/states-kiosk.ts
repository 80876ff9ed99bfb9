/** What the bar, Health, the sign-in and the roles say at other times: for the list of states. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { Phase } from '#shared/ipc/views.ts';
import { givenRoles } from '#shared/rights/model.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { heading, tapFirst, type Screen } from './screens-common.ts';
import { ended, locksHere, openGroup } from './screens-group.ts';
import { inRole } from './screens-rights.ts';

const day = 86_400_000;
const since = scene.offlineSince;
const { connection, certificates, lease, time, vault, radio } = scene.health();
const updates = {
  since,
  version: '0.3.0',
  channel: 'updates.example.com',
  window: { from: '02:00', to: '05:00' },
  lookedAt: since,
  offered: { version: '0.3.1', words: { en: 'Locks are found faster.' }, urgent: false },
} as const;

/** Each part once in every state, the rest of the kiosk well: the bar says the worst of it, Health all of it. */
const healths: Readonly<Record<string, Partial<HealthView>>> = {
  'radio starting': { radio: { state: 'starting', since } },
  'radio not allowed': { radio: { state: 'no_permission', since } },
  'radio stuck': { radio: { state: 'stuck', since } },
  'radio with figures': {
    radio: { ...radio, unlockMs: { find: 33, connect: 392, authenticate: 17, actuate: 95 } },
  },
  receiving: { connection: { ...connection, pulling: { received: 1_240, total: 10_000 } } },
  sending: { connection: { ...connection, waiting: 2 } },
  'nothing taken': { connection: { ...connection, waiting: 12, sendingRefused: true } },
  'turned away': { connection: { ...connection, state: 'refused', since } },
  'turned away for long': {
    connection: { ...connection, state: 'refused', since },
    lease: { ...lease, until: null },
  },
  'offline for long': {
    connection: { ...connection, state: 'offline', since },
    lease: { ...lease, until: null },
  },
  unregistered: { connection: { ...connection, state: 'unregistered', since } },
  'certificate soon': {
    certificates: { ...certificates, state: 'renew_soon', validUntil: scene.sceneNow + 2 * day },
  },
  'certificate over': { certificates: { ...certificates, state: 'expired', validUntil: since } },
  'certificate missing': { certificates: { ...certificates, state: 'missing', validUntil: null } },
  'clock unchecked': { time: { ...time, state: 'unchecked', skewMs: null } },
  'clock turned': { time: { ...time, state: 'wrong', skewMs: null } },
  'clock off': { time: { ...time, state: 'wrong', skewMs: -3 * 3_600_000 } },
  'clock seconds off': { time: { ...time, state: 'wrong', skewMs: 40_000 } },
  'clock days off': { time: { ...time, state: 'wrong', skewMs: 3 * day } },
  'lease over': { lease: { ...lease, state: 'expired' } },
  'no lease': { lease: { ...lease, state: 'none', until: null } },
  'no secret store': { vault: { ...vault, state: 'no_secret_store' } },
  'keys unread': { vault: { ...vault, state: 'cannot_open', fingerprint: '0a1b2c3d'.repeat(8) } },
  'data salvaged': { data: { state: 'salvaged', since: scene.sceneNow - day } },
  'updates unasked': { updates: { ...updates, state: 'unasked', ring: 'pilot', lookedAt: null } },
  'updates downloading': { updates: { ...updates, state: 'downloading', ring: 'all' } },
  'updates installing': { updates: { ...updates, state: 'installing', ring: 'all' } },
};

const inHealth = async (page: Page): Promise<void> => {
  await heading(page, 'Health');
  for (const details of await page.locator('summary').all()) await details.click();
};
const withoutIdentity = (name: string, phase: Phase, storeName: string | null): Screen => ({
  name: `health-${name}`,
  prepare: (core) => core.show('kiosk', scene.kiosk({ phase, storeName, staff: [] })),
  reach: async (page) => {
    await page.locator('header button').last().click();
    await inHealth(page);
  },
});

const signOutIdle = (core: FakeCore): Promise<void> =>
  core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));

export const kioskStates: readonly Screen[] = [
  {
    name: 'health-states',
    prepare: (core) =>
      core.show('health', scene.health({ updates: { ...updates, state: 'current', ring: 'early' } })),
    reach: async (page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await inHealth(page);
    },
    states: {
      ...Object.fromEntries(
        Object.entries(healths).map(([name, rest]) => [
          name,
          (_page: Page, core: FakeCore) => core.show('health', scene.health(rest)),
        ]),
      ),
      synchronising: async (page, core) => {
        core.answer('syncNow', () => new Promise(() => undefined));
        await page.getByRole('button', { name: 'Synchronise now' }).click();
        await page.getByRole('button', { name: 'Asking …' }).waitFor();
      },
    },
  },
  {
    name: 'health-synchronised',
    prepare: (core) => core.answer('syncNow', () => ok(null)),
    reach: async (page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByRole('button', { name: 'Synchronise now' }).click();
      await page.getByText('Up to date.').waitFor();
    },
  },
  withoutIdentity('unregistered', 'unregistered', null),
  withoutIdentity('revoked', 'revoked', null),
  {
    name: 'health-signed-out',
    prepare: (core) => core.show('kiosk', scene.kiosk({ seesHealth: false })),
    reach: async (page) => {
      await page.getByRole('button', { name: /Ready/ }).click();
      await page.getByText('Sign in to see how the kiosk is doing.').waitFor();
    },
  },
  {
    name: 'roles',
    reach: (page) => page.getByLabel('Search locks').waitFor(),
    states: Object.fromEntries(
      (Object.keys(givenRoles) as (keyof typeof givenRoles)[]).map((role) => [
        role,
        (_page: Page, core: FakeCore) => core.show('kiosk', inRole(role)),
      ]),
    ),
  },
  {
    name: 'set-up-code',
    prepare: (core) => core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] })),
    reach: async (page) => {
      await page.getByLabel('Registration code').fill('abcd efgh');
      await page.getByText('8 characters to go').waitFor();
    },
  },
  {
    name: 'sign-in-states',
    prepare: (core) => core.show('kiosk', scene.kiosk({ takesBadges: true })),
    reach: (page) => page.getByText('Or hold your badge to the reader.').waitFor(),
    states: {
      'nobody of that name': async (page) => {
        await page.keyboard.type('zz');
        await page.getByText('No name has “zz” in it.').waitFor();
      },
      nobody: (_page, core) => core.show('kiosk', scene.kiosk({ staff: [] })),
    },
  },
  {
    name: 'sign-in-after-idling',
    reach: async (page, core) => {
      await page.getByRole('button', { name: '2 new locks' }).click();
      await page.getByRole('button', { name: 'Tick all' }).click();
      await signOutIdle(core);
      await page.getByText('What was begun under New locks is kept.').waitFor();
    },
  },
  {
    name: 'sign-in-left-behind',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      await tapFirst(page);
      await page.getByRole('button', { name: /^Open Razor wall, left/ }).click();
      await page.getByText('Waits its turn', { exact: true }).first().waitFor();
      await signOutIdle(core);
      await page.getByText('One lock that had been tapped was not opened.').waitFor();
    },
  },
  {
    name: 'sign-in-group-left',
    prepare: async (core) => {
      await core.show('locks', { locks: locksHere(), foreign: [] });
      core.answer('unlockGroup', () => {
        void core.show('group', { run: { ...ended(), over: false } });
        return new Promise(() => undefined);
      });
    },
    reach: async (page, core) => {
      await core.show('group', { run: null });
      await openGroup(page);
      await page.getByText('2 of 4 opened so far').waitFor();
      await signOutIdle(core);
      await heading(page, 'Choose your name');
      await core.show('group', { run: ended() });
      await page.getByText('Of the locks that were being opened together').waitFor();
    },
  },
  {
    name: 'pin-let-in',
    prepare: async (core) => {
      const staff = scene.staff.map((one, at) =>
        at === 0 ? { ...one, lockedUntil: scene.sceneNow + 90_000 } : one,
      );
      await core.show('kiosk', scene.kiosk({ staff }));
      core.answer('whoMayLift', () => ok({ people: [{ staffId: scene.idOf(3), name: 'Priya Raman' }] }));
      core.answer('liftPause', () => {
        void core.show('kiosk', scene.kiosk());
        return ok(null);
      });
    },
    reach: async (page) => {
      await page.getByRole('button', { name: 'Maya L.' }).click();
      await page.getByText('PIN of Priya R.').waitFor();
      await page.keyboard.type('1234');
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('The pause is over. Enter your PIN.').waitFor();
    },
  },
];
