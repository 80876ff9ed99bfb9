/** A group that is opened at once, as the core tells of it: views for the list of screens and for what people do there. */
import { fail, ok } from '#shared/errors/app-error.ts';
import type { GroupView, LockTile } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import type { Page } from 'playwright-core';

type Run = NonNullable<GroupView['run']>;
type RunLock = Run['locks'][number];

export const names = [
  'Spirits cabinet 1',
  'Spirits cabinet 2',
  'Whisky drawer 1',
  'Whisky drawer 2',
] as const;

/** The scene's locks, with all of the group at arm's length. */
export const locksHere = (): LockTile[] => [
  ...names.map((name, at) => scene.tile(at + 1, name, 'Spirits', 'here')),
  ...scene.locks().slice(names.length),
];

const row = (at: number, rest: Partial<RunLock> = {}): RunLock => ({
  serialNumber: scene.serialOf(at + 1),
  name: names[at] ?? '',
  working: false,
  end: null,
  bolt: null,
  ...rest,
});
const open = { kind: 'open', until: scene.sceneNow + 600_000 } as const;
const deadAt = (at: number): RunLock['end'] => ({
  kind: 'not_open',
  error: { code: 'lock.connect_timeout', params: { serialNumber: scene.serialOf(at + 1) } },
});

/** One lock is open, two are at work, one waits. */
export const underWay = (): Run => ({
  runId: scene.idOf(700),
  over: false,
  locks: [row(0, { end: open }), row(1, { working: true }), row(2, { working: true }), row(3)],
});
/** One lock is dead, one did not say what became of it, the others are open. */
export const ended = (): Run => ({
  runId: scene.idOf(700),
  over: true,
  locks: [
    row(0, { end: open }),
    row(1, { end: deadAt(1) }),
    row(2, { end: { kind: 'unknown' } }),
    row(3, { end: open }),
  ],
});
/** The second run, with the lock that was dead. */
export const endedAgain = (): Run => ({
  runId: scene.idOf(701),
  over: true,
  locks: [row(1, { end: open })],
});

export const openGroup = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Spirits', exact: true }).click();
  await page.getByRole('button', { name: 'Open all 4 nearby …' }).click();
  await page.getByRole('button', { name: 'Open 4', exact: true }).click();
};

/** The core answers the call when the run is over. */
export const groupScreens = [
  {
    name: 'group-ask',
    prepare: (core: FakeCore) => core.show('locks', { locks: locksHere(), foreign: [] }),
    reach: async (page: Page) => {
      await page.getByRole('button', { name: 'Spirits', exact: true }).click();
      await page.getByRole('button', { name: 'Open all 4 nearby …' }).click();
      await page.getByRole('heading', { name: 'Open 4 locks of Spirits?' }).waitFor();
    },
  },
  {
    name: 'group-working',
    prepare: async (core: FakeCore) => {
      await core.show('locks', { locks: locksHere(), foreign: [] });
      core.answer('unlockGroup', () => {
        void core.show('group', { run: underWay() });
        return new Promise(() => undefined);
      });
    },
    reach: async (page: Page, core: FakeCore) => {
      await core.show('group', { run: null });
      await openGroup(page);
      await page.getByText('1 of 4 opened so far').waitFor();
    },
  },
  {
    name: 'group-ended',
    prepare: async (core: FakeCore) => {
      await core.show('locks', { locks: locksHere(), foreign: [] });
      core.answer('unlockGroup', () => {
        void core.show('group', { run: ended() });
        return ok(null);
      });
    },
    reach: async (page: Page, core: FakeCore) => {
      await core.show('group', { run: null });
      await openGroup(page);
      await page.getByText('2 of 4 opened').waitFor();
    },
  },
  {
    name: 'group-cut-off',
    prepare: async (core: FakeCore) => {
      await core.show('locks', { locks: locksHere(), foreign: [] });
      core.answer('unlockGroup', () => {
        void core.show('group', { run: underWay() });
        return fail('ipc.timeout');
      });
    },
    reach: async (page: Page, core: FakeCore) => {
      await core.show('group', { run: null });
      await openGroup(page);
      await page.getByText('The kiosk took too long to answer.').waitFor();
      await page.getByText('Not tried').waitFor();
    },
  },
] as const;
