/** What the page does when something else happens meanwhile: a lock that goes, a person who goes, an answer that is overtaken. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { tapFirst } from './screens-list.ts';

let core: FakeCore;
let page: Page;
useKioskPage(
  (kiosk) => {
    kiosk.show('locks', { locks: scene.locks(), foreign: [] });
    kiosk.show('newLocks', scene.newLocks());
  },
  (to) => ({ core, page } = to),
);

const inputsOf = (name: string): unknown[] =>
  core.seen.filter((call) => call.name === name).map((call) => call.input);
const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;

describe('a lock that leaves the store while its sheet is open', () => {
  it('is not opened by itself when it comes back', async () => {
    core.answer('unlock', () => ok(end));
    await tapFirst(page);
    await page.getByText(/^Stays open for/).waitFor();
    core.show('locks', { locks: scene.locks().slice(1), foreign: [] });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    core.show('locks', { locks: scene.locks(), foreign: [] });
    core.show('health', scene.offline());
    // The proof that the list has arrived before it.
    await page.getByText(/^offline since/).waitFor();
    expect(inputsOf('unlock')).toHaveLength(1);
    // Nothing lies over the Counter: the search hears what is typed.
    await page.keyboard.type('game');
    await page.getByRole('button', { name: /^Spirits cabinet 1/ }).waitFor({ state: 'detached' });
  });
});
