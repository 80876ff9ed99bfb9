/** An opening, in its tile and in its sheet: for the list of screens. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { AttemptView, UnlockEnd } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, tapFirst, type Screen } from './screens-common.ts';

type Attempt = NonNullable<AttemptView['attempt']>;

const stageMs = { find: 120, connect: 210, authenticate: 90, actuate: 60 };

/** Looks at what goes on in the tile of a lock in its sheet. */
const intoSheet = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
  await page.getByRole('dialog').waitFor();
};
/** The lock is tapped, and the unlock ends as `end`: what its tile says then. */
const ending = (
  name: string,
  end: UnlockEnd,
  words: string | RegExp,
  bolt: Attempt['bolt'] = null,
): Screen => ({
  name,
  prepare: (core) => {
    core.answer('unlock', () => {
      void core.show('attempt', attempt({ stage: 'actuate', stageMs, canStop: false, end, bolt }));
      return ok(end);
    });
    core.answer('askLock', () => ok({ bolt: 'locked', battery: 80 }));
  },
  reach: async (page, core) => {
    await core.show('attempt', { attempt: null });
    await core.show('kiosk', scene.signedIn());
    await tapFirst(page);
    await page.getByText(words, { exact: true }).first().waitFor();
  },
});
/** The lock has been connected to for so long that it is said. */
const silent = () => attempt({ stage: 'connect', stageMs: { find: 120 }, startedAt: scene.sceneNow - 4_200 });

/** The same in the lock's sheet. */
const endingInSheet = (...args: Parameters<typeof ending>): Screen => {
  const { reach, ...inTile } = ending(...args);
  return {
    ...inTile,
    name: `${inTile.name}-sheet`,
    reach: async (page, core) => {
      await reach(page, core);
      await intoSheet(page);
    },
  };
};

export const unlockScreens: readonly Screen[] = [
  {
    name: 'unlock-working',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      await core.show('attempt', { attempt: null });
      await core.show('kiosk', scene.signedIn());
      await tapFirst(page);
      await core.show(
        'attempt',
        attempt({ stage: 'authenticate', stageMs: { find: 120, connect: 210 }, startedAt: scene.sceneNow }),
      );
      await page.getByText('Checking …', { exact: true }).waitFor();
    },
  },
  {
    name: 'unlock-working-sheet',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      await core.show('attempt', { attempt: null });
      await core.show('kiosk', scene.signedIn());
      await tapFirst(page);
      // Whoever taps the tile again, and does not just tap twice, wants to see more of it.
      await page.waitForTimeout(650);
      await tapFirst(page);
      await core.show('attempt', attempt({ stage: 'connect', stageMs: { find: 120 } }));
      await page.getByRole('dialog').getByText('Connecting to the lock').waitFor();
    },
  },
  {
    name: 'unlock-unanswered',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      await core.show('attempt', { attempt: null });
      await tapFirst(page);
      await core.show('attempt', silent());
      await page.getByText('No answer yet', { exact: true }).first().waitFor();
    },
  },
  {
    name: 'unlock-unanswered-sheet',
    prepare: (core) => core.answer('unlock', () => new Promise(() => undefined)),
    reach: async (page, core) => {
      await core.show('attempt', { attempt: null });
      await tapFirst(page);
      await core.show('attempt', silent());
      await page.waitForTimeout(650);
      await tapFirst(page);
      await page.getByText('The lock does not answer.').waitFor();
    },
  },
  ending('unlock-open', { kind: 'open', until: scene.sceneNow + 60_000 }, /^Open \d+ s$/, 'open'),
  ending(
    'unlock-waiting',
    { kind: 'open', until: scene.sceneNow - 3_000 },
    'Check it: not heard locked yet',
    'open',
  ),
  ending('unlock-locked', { kind: 'open', until: scene.sceneNow - 3_000 }, 'Locked again', 'locked'),
  endingInSheet('unlock-open', { kind: 'open', until: scene.sceneNow + 60_000 }, /^Open \d+ s$/, 'open'),
  endingInSheet(
    'unlock-waiting',
    { kind: 'open', until: scene.sceneNow - 3_000 },
    'Check it: not heard locked yet',
    'open',
  ),
  ending(
    'unlock-refused',
    {
      kind: 'not_open',
      error: { code: 'lock.connect_timeout', params: { serialNumber: scene.serialOf(1) } },
    },
    'Not opened',
  ),
  ending('unlock-unknown', { kind: 'unknown' }, 'Not known'),
];
