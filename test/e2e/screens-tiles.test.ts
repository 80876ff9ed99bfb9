/** The grid of the Counter: a tile has its place, and says what is true of its lock. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-list.ts';

const inRange = scene.locks().filter(({ proximity }) => proximity !== null);

let core: FakeCore;
let page: Page;
useKioskPage(
  (kiosk) => {
    kiosk.show('locks', { locks: inRange, foreign: [] });
    kiosk.show('newLocks', scene.newLocks());
  },
  (to) => ({ core, page } = to),
);
beforeEach(() => tileOf('Game consoles').waitFor());

const tileOf = (name: string) => page.locator('main li', { hasText: name });
/** Where each tile is, by its lock's name. */
const places = (): Promise<unknown> =>
  page.evaluate(
    `Object.fromEntries([...document.querySelectorAll('main li')].map((tile) => {
      const { x, y, width, height } = tile.getBoundingClientRect();
      return [tile.querySelector('.name').textContent, [x, y, width, height]];
    }))`,
  );

describe('a tile', () => {
  it('keeps its place when its lock opens, is tampered with, comes nearer or goes out of range', async () => {
    const before = await places();
    core.answer('unlock', () => {
      const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;
      const serialNumber = scene.serialOf(8);
      core.show('attempt', attempt({ serialNumber, end, bolt: 'open', canStop: false, stage: 'actuate' }));
      return ok(end);
    });
    await page.getByRole('button', { name: /^Game consoles/ }).click();
    await page.getByText(/^Stays open for/).waitFor();
    const rest = (n: number): object =>
      n === 8
        ? { boltOpen: true }
        : n === 3
          ? { tamper: true }
          : n === 1
            ? { proximity: null, boltOpen: null }
            : {};
    const changed = inRange.map((lock, at) => ({ ...lock, proximity: 'here' as const, ...rest(at + 1) }));
    core.show('locks', { locks: changed, foreign: [] });
    await page.getByRole('button', { name: 'Done' }).click();
    await tileOf('Spirits cabinet 1').getByText('out of range').waitFor();
    expect(await places()).toEqual(before);
    core.show('locks', { locks: inRange, foreign: [] });
    await tileOf('Spirits cabinet 1').getByText('here').waitFor();
    expect(await places()).toEqual(before);
  });
});
