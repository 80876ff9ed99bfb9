/** What the lists of screens and the tests of what people do on them have in common. */
import type { Page } from 'playwright-core';
import type { AttemptView } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';

export interface Screen {
  readonly name: string;
  readonly prepare?: (core: FakeCore) => Promise<void> | void;
  /** Resolves when the screen is there. */
  readonly reach: (page: Page, core: FakeCore) => Promise<void>;
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

export const tapFirst = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^(Open )?Spirits cabinet 1/ }).click();
export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name }).waitFor();
