/** Many locks at once: it is asked first, and it can be stopped at any time and on any screen. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ok } from '#shared/errors/app-error.ts';
import type { GroupView } from '#shared/ipc/views.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-list.ts';

const count = 18;
const many = Array.from({ length: count }, (_, at) =>
  scene.tile(at + 1, `Showcase ${at + 1}`, 'Electronics', 'here'),
);
const run = (at: number): NonNullable<GroupView['run']> => ({
  runId: scene.idOf(700),
  over: false,
  locks: many.map(({ serialNumber, name }, n) => ({
    serialNumber,
    name,
    working: n === at,
    end: null,
    bolt: null,
  })),
});

let core: FakeCore;
let page: Page;
useKioskPage(
  (kiosk) => {
    // Chips of groups are there from the second group on.
    kiosk.show('locks', { locks: [...many, scene.tile(90, 'Perfume', 'Perfume', 'far')], foreign: [] });
    kiosk.answer('stopGroup', () => ok(null));
    kiosk.answer('stopUnlock', () => ok(null));
    kiosk.answer('unlockGroup', () => new Promise(() => undefined));
    kiosk.answer('unlock', () => new Promise(() => undefined));
  },
  (to) => ({ core, page } = to),
);
const inputsOf = (wanted: string): unknown[] =>
  core.seen.filter(({ name }) => name === wanted).map(({ input }) => input);
const wish = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Electronics', exact: true }).click();
  await page.getByRole('button', { name: /^Open all 18/ }).click();
};

describe('opening a whole group', () => {
  it('is asked first, with the number and the group, and a no opens nothing', async () => {
    await wish();
    await page.getByRole('heading', { name: 'Open 18 locks of Electronics?' }).waitFor();
    await page.getByRole('dialog').getByText('Showcase 18').waitFor();
    await page.getByRole('button', { name: 'Leave locked' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(inputsOf('unlockGroup')).toEqual([]);
    await wish();
    await page.getByRole('button', { name: 'Open 18', exact: true }).click();
    await expect.poll(() => inputsOf('unlockGroup').length).toBe(1);
  });

  it.each([
    [1280, 800],
    [1024, 768],
    [640, 480],
  ])('has its Stop in sight at %d × %d, whichever lock is at work', async (width, height) => {
    await page.setViewportSize({ width, height });
    await wish();
    await page.getByRole('button', { name: 'Open 18', exact: true }).click();
    for (const at of [0, 9, 17]) {
      core.show('group', { run: run(at) });
      await page.locator('dialog li.now', { hasText: new RegExp(`Showcase ${at + 1}(?!\\d)`) }).waitFor();
      const sheet = await page.getByRole('dialog').boundingBox();
      const stop = await page.getByRole('button', { name: 'Stop' }).boundingBox();
      if (!sheet || !stop) throw new Error('There is no sheet, or no Stop');
      expect(sheet.y).toBeGreaterThanOrEqual(0);
      expect(sheet.y + sheet.height).toBeLessThanOrEqual(height);
      expect(stop.y).toBeGreaterThanOrEqual(sheet.y);
      expect(stop.y + stop.height).toBeLessThanOrEqual(sheet.y + sheet.height);
    }
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(inputsOf('stopGroup')).toEqual([{ runId: scene.idOf(700) }]);
  });
});

describe('a double tap', () => {
  it('on a tile opens the lock: its second tap stops nothing that has come under the finger', async () => {
    // Where the sheet's Stop comes to lie is found with a first attempt.
    await page.getByRole('button', { name: /^Showcase 1 / }).click();
    const stop = await page.getByRole('button', { name: 'Stop' }).boundingBox();
    if (!stop) throw new Error('There is no Stop');
    await page.reload();
    await page.getByRole('button', { name: /^Showcase 1 / }).waitFor();
    const at = z.object({ x: z.number(), y: z.number(), name: z.string() }).parse(
      await page.evaluate(`(() => {
          for (let y = ${stop.y} + 4; y < ${stop.y + stop.height}; y += 4)
            for (let x = ${stop.x} + 4; x < ${stop.x + stop.width}; x += 4) {
              const name = document.elementFromPoint(x, y)?.closest('.tap')?.querySelector('.name')?.textContent;
              if (name) return { x, y, name };
            }
          return null;
        })()`),
    );
    await page.mouse.dblclick(at.x, at.y);
    await page.getByText('Listening for the lock').waitFor();
    const { serialNumber } = many.find(({ name }) => name === at.name) ?? scene.tile(0, '', '', null);
    core.show('attempt', attempt({ serialNumber, stage: 'connect', stageMs: { find: 90 } }));
    await page.getByText('Connecting to the lock').waitFor();
    expect(inputsOf('stopUnlock')).toEqual([]);
    // And a moment later it is there for whoever means it.
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => inputsOf('stopUnlock').length).toBe(1);
  });
});
