/** How an opening goes on, and what came of it, at other times: for the list of states. */
import type { Page } from 'playwright-core';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { AttemptView, UnlockEnd } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, inSheet, never, pressIn, tapFirst, type Screen } from './screens-common.ts';
import { ended, locksHere, openGroup } from './screens-group.ts';
import { showFirst } from './screens-rights.ts';

const { sceneNow, serialOf } = scene;

/** How the opening that is under way ends. */
const ends = new WeakMap<FakeCore, (end: Result<UnlockEnd>) => void>();

/** An opening is under way, in the lock's sheet, as the core tells of it. */
type Told = NonNullable<AttemptView['attempt']>;
const tells = (rest: Partial<Told>) => (_page: Page, core: FakeCore) =>
  core.show('attempt', attempt({ startedAt: sceneNow, ...rest }));
const sent = {
  canStop: false,
  stage: 'actuate',
  stageMs: { find: 120, connect: 210, authenticate: 90 },
} as const;
const openUntil = (until: number) => ({ kind: 'open', until }) as const;

const working = (name: string, rest: Pick<Screen, 'states'>, sheet: boolean): Screen => ({
  name,
  prepare: async (core) => {
    await showFirst(core, { proximity: 'far' });
    core.answer('unlock', never);
  },
  reach: async (page, core) => {
    await core.show('attempt', { attempt: null });
    await tapFirst(page);
    await core.show('attempt', attempt({ stage: 'find', startedAt: sceneNow }));
    if (!sheet) return;
    // Whoever taps the tile again, and does not just tap twice, wants to see more of it.
    await page.waitForTimeout(650);
    await tapFirst(page);
    await page.getByRole('dialog').waitFor();
  },
  ...rest,
});

const asked = (name: string, bolt: 'open' | 'locked' | null, words: string): Screen => ({
  name,
  prepare: (core) => {
    core.answer('unlock', () => {
      const end = { kind: 'unknown' } as const;
      void core.show('attempt', attempt({ ...sent, end }));
      return ok(end);
    });
    core.answer('askLock', () =>
      bolt === null ? fail('lock.not_near', { serialNumber: serialOf(1) }) : ok({ bolt, battery: 80 }),
    );
  },
  reach: async (page) => {
    await tapFirst(page);
    await pressIn(page, 'Ask the lock');
    await inSheet(page, words);
  },
});

export const openingStates: readonly Screen[] = [
  working(
    'opening-in-tile',
    {
      states: {
        opening: tells(sent),
        settling: tells({ ...sent, end: openUntil(sceneNow) }),
      },
    },
    false,
  ),
  working(
    'opening-in-sheet',
    {
      states: {
        checking: tells({ stage: 'authenticate', stageMs: { find: 120, connect: 210 } }),
        opening: tells(sent),
        settling: tells({ ...sent, end: openUntil(sceneNow) }),
        'locked again': tells({ ...sent, end: openUntil(sceneNow - 9_000), bolt: 'locked' }),
      },
    },
    true,
  ),
  asked('asked-open', 'open', 'The lock says: open'),
  asked('asked-locked', 'locked', 'The lock says: locked'),
  asked('asked-no-answer', null, 'The lock still does not answer.'),
  {
    name: 'left-waiting',
    prepare: (core) => {
      core.answer('unlock', ({ serialNumber }) =>
        serialNumber === serialOf(1) ? new Promise((resolve) => ends.set(core, resolve)) : never(),
      );
    },
    reach: async (page, core) => {
      await tapFirst(page);
      await page.getByRole('button', { name: /^Open Razor wall, left/ }).click();
      await page.getByText('Waits its turn', { exact: true }).first().waitFor();
      ends.get(core)?.(fail('lock.not_near', { serialNumber: serialOf(1) }));
      await inSheet(page, 'What was waiting behind it was not opened.');
    },
  },
  {
    name: 'group-states',
    prepare: async (core) => {
      await core.show('locks', { locks: locksHere(), foreign: [] });
      core.answer('unlockGroup', () => {
        void core.show('group', { run: ended() });
        return ok(null);
      });
    },
    reach: async (page, core) => {
      await core.show('group', { run: null });
      await openGroup(page);
      await page.getByText('2 of 4 opened').waitFor();
    },
    states: {
      'settling, and locked again': (_page, core) => {
        const { locks, ...run } = ended();
        const [first, second, third, fourth] = locks;
        if (!first || !second || !third || !fourth) throw new Error('the group has four');
        const settles = { ...first, end: openUntil(sceneNow) };
        const locked = { ...fourth, end: openUntil(sceneNow - 9_000), bolt: 'locked' } as const;
        return core.show('group', { run: { ...run, locks: [settles, second, third, locked] } });
      },
    },
  },
];
