import type { Page } from 'playwright-core';
import { beforeEach } from 'vitest';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { inRole, opens, whoMay } from './screens-rights.ts';

/** A kiosk at which a lead stands: what they ask for opens, and the second and the third of the staff may confirm it. */
export const useLeadsPage = (
  assign: (to: { readonly core: FakeCore; readonly page: Page }) => void,
): void => {
  let core: FakeCore;
  useKioskPage(
    async (kiosk) => {
      await kiosk.show('kiosk', inRole('lead'));
      await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
    },
    (to) => {
      ({ core } = to);
      assign(to);
    },
  );
  beforeEach(() => {
    opens(core);
    whoMay(core, [1], [2, 3]);
  });
};

/** What a call was asked with, once for each time. */
export const inputsTo = (core: FakeCore, wanted: string): unknown[] =>
  core.seen.filter(({ name }) => name === wanted).map(({ input }) => input);
