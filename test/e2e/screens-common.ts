/** What the lists of screens and the tests of what people do on them have in common. */
import type { Page } from 'playwright-core';
import type { AttemptView } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';

/** Resolves when the screen is there. */
type Reach = (page: Page, core: FakeCore) => Promise<void>;

export interface Screen {
  readonly name: string;
  readonly prepare?: (core: FakeCore) => Promise<void> | void;
  readonly reach: Reach;
  /** What the screen says at other times, one after the other, by name: each is looked at in every language. */
  readonly states?: Readonly<Record<string, Reach>>;
}

type Attempt = NonNullable<AttemptView['attempt']>;

export const attempt = (rest: Partial<Attempt> = {}): { attempt: Attempt } => ({
  attempt: {
    attemptId: scene.idOf(900),
    serialNumber: scene.serialOf(1),
    lockName: 'Spirits cabinet 1',
    // Later than the page's clock shows while it is looked at: the lock is not silent for long.
    startedAt: scene.sceneNow + 60_000,
    stage: 'find',
    stageMs: {},
    canStop: true,
    end: null,
    bolt: null,
    ...rest,
  },
});

/** From here on the page's time passes only as the test says: on a busy machine a person is not slow. */
export const holdClock = async (page: Page): Promise<void> => {
  await page.clock.install({ time: scene.sceneNow });
  // Its time passes until it is held, however long that takes.
  await page.clock.pauseAt(scene.sceneNow + 3_600_000);
};

export const tapFirst = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^(Open )?Spirits cabinet 1/ }).click();
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor();

export const inSheet = (page: Page, words: string | RegExp): Promise<void> =>
  page.getByRole('dialog').getByText(words).first().waitFor();
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).click();
/** A button of the sheet that is open. */
export const pressIn = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name }).click();
export const said = (page: Page, words: string | RegExp): Promise<void> =>
  page.getByRole('status').filter({ hasText: words }).first().waitFor();
/** The answer to a call that is not over. */
export const never = (): Promise<never> => new Promise(() => undefined);
