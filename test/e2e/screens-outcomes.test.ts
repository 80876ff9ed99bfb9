/**
 * What the page says of things that take time or go wrong in part, against a core that is written down: a group in which a
 * lock is dead, a lock that is readied by a press, a long pull, records that could not be used.
 */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { HealthView } from '#shared/ipc/health-view.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import * as group from './screens-group.ts';
import { attempt } from './screens-common.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: group.locksHere(), foreign: [] });
  kiosk.answer('stopGroup', () => ok(null));
})
  .extend(
    'rowOf',
    ({ page }) =>
      (name: string) =>
        page.getByRole('dialog').locator('li', { hasText: name }),
  )
  .extend(
    'inDialog',
    ({ page }) =>
      (words: string | RegExp) =>
        page.getByRole('dialog').getByText(words),
  );

describe('a group that is opened at once', () => {
  it('says of each lock what became of it, and tries the dead one again', async ({
    core,
    page,
    inputsOf,
    rowOf,
    inDialog,
  }) => {
    let over = (): void => undefined;
    core.answer('unlockGroup', async () => {
      void core.show('group', { run: group.underWay() });
      await new Promise<void>((resolve) => (over = resolve));
      return ok(null);
    });
    await group.openGroup(page);
    await inDialog('1 of 4 opened so far').waitFor();
    await rowOf('Spirits cabinet 2').getByText('At work').waitFor();
    await rowOf('Whisky drawer 2').getByText('Waits its turn').waitFor();

    await core.show('group', { run: group.ended() });
    over();
    await inDialog('2 of 4 opened').waitFor();
    await rowOf('Spirits cabinet 1').getByText('Open', { exact: true }).waitFor();
    await rowOf('Spirits cabinet 2').getByText('The lock did not answer.').waitFor();
    await rowOf('Spirits cabinet 2')
      .getByText(/the dongle may be too far from this lock/)
      .waitFor();
    await rowOf('Whisky drawer 1').getByText('Not known: look at the lock').waitFor();

    core.answer('unlockGroup', () => {
      void core.show('group', { run: group.endedAgain() });
      return ok(null);
    });
    // Only what surely did not open is tried again: the lock that is not known may be open.
    await page.getByRole('button', { name: 'Try one lock again' }).click();
    await inDialog('1 of 1 opened').waitFor();
    expect(inputsOf('unlockGroup')).toEqual([
      { serialNumbers: [1, 2, 3, 4].map(scene.serialOf) },
      { serialNumbers: [scene.serialOf(2)] },
    ]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is stopped by Escape, not by a tap beside the sheet', async ({ core, page, inputsOf, inDialog }) => {
    core.answer('unlockGroup', () => {
      void core.show('group', { run: group.underWay() });
      return new Promise(() => undefined);
    });
    await group.openGroup(page);
    await inDialog('1 of 4 opened so far').waitFor();
    await page.mouse.click(8, 400);
    await page.keyboard.press('Escape');
    // Calls arrive in the order in which they were made: had the tap stopped it, it would stand before this one.
    await expect.poll(() => inputsOf('stopGroup').length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(inputsOf('stopGroup')).toEqual([{ runId: scene.idOf(700) }]);
    expect(await page.getByRole('dialog').count()).toBe(1);
  });

  it('shows a run of fifty in a list that scrolls and follows the lock at work', async ({
    core,
    tab,
    page,
    inputsOf,
    rowOf,
  }) => {
    const locks = Array.from({ length: 50 }, (_, n) => ({
      serialNumber: scene.serialOf(n + 1),
      name: `Hook ${n + 1}`,
      working: n === 40,
      end: n < 40 ? ({ kind: 'open', until: scene.sceneNow - 3_000 } as const) : null,
      bolt: n < 39 ? ('locked' as const) : null,
    }));
    core.answer('unlockGroup', () => {
      void core.show('group', { run: { runId: scene.idOf(702), over: false, locks } });
      return new Promise(() => undefined);
    });
    await group.openGroup(page);
    await rowOf('Hook 41').getByText('At work').waitFor();
    // Their seconds have passed: that they are open is not said any more, and that they are locked when they have said so.
    await rowOf('Hook 40').getByText('Check it: not heard locked yet').waitFor();
    await rowOf('Hook 39').getByText('locked again').waitFor();
    const isInSight = async (): Promise<boolean> => {
      const row = await rowOf('Hook 41').boundingBox();
      const list = await rowOf('Hook 41').locator('..').boundingBox();
      if (!row || !list) return false;
      return row.y >= list.y && row.y + row.height <= list.y + list.height;
    };
    await expect.poll(isInSight, { timeout: 30_000 }).toBe(true);
    expect(await tab.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => inputsOf('stopGroup'), { timeout: 30_000 }).toEqual([{ runId: scene.idOf(702) }]);
  });
});

describe('a press', () => {
  const test = it
    .extend(
      'tile',
      ({ page }) =>
        () =>
          page.getByRole('button', { name: /^Open Spirits cabinet 1/ }),
    )
    /** Which locks were readied: a pointer that rests on a tile readies it too, and asking twice is no harm. */
    .extend('readied', ({ core }) => (): string[] => [
      ...new Set(
        core.seen.flatMap(({ name, input }) => (name === 'prepareLock' ? JSON.stringify(input) : [])),
      ),
    ])
    .extend(
      'untilReadied',
      ({ readied }) =>
        () =>
          expect.poll(readied, { timeout: 30_000 }).toEqual([first]),
    );

  const first = JSON.stringify({ serialNumber: scene.serialOf(1) });

  test('readies the lock before the finger is up, and opens it when it is', async ({
    core,
    page,
    inputsOf,
    tile,
    readied,
    untilReadied,
  }) => {
    core.answer('unlock', ({ serialNumber }) => {
      void core.show('attempt', attempt({ serialNumber, stage: 'connect' }));
      return new Promise(() => undefined);
    });
    // A finger, which rests nowhere before it presses.
    await tile().dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
    await untilReadied();
    expect(inputsOf('unlock')).toEqual([]);
    await tile().dispatchEvent('pointerup', { pointerType: 'touch', bubbles: true });
    await tile().dispatchEvent('click');
    await page.getByText('Connecting …', { exact: true }).waitFor();
    expect(inputsOf('unlock')).toEqual([{ serialNumber: scene.serialOf(1) }]);
    expect(readied()).toEqual([first]);
  });

  test('that is taken back opens nothing', async ({ core, page, inputsOf, tile, untilReadied }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    await tile().hover();
    await page.mouse.down();
    await untilReadied();
    await page.mouse.move(640, 20);
    await page.mouse.up();
    // Whatever the release might have caused is there before this: the page does one thing after the other.
    await page.getByRole('button', { name: 'More about Whisky drawer 2' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Whisky drawer 2' }).waitFor();
    expect(inputsOf('unlock')).toEqual([]);
  });

  test('on a lock that cannot be opened readies nothing', async ({ page, inputsOf, inDialog }) => {
    await page.getByRole('button', { name: /^Memory cards/ }).click();
    await inDialog('Bring the kiosk online; the key comes by itself.').waitFor();
    expect(inputsOf('prepareLock', 'unlock')).toEqual([]);
  });

  test('by keyboard readies the lock that has the focus', async ({ tile, untilReadied }) => {
    await tile().focus();
    await untilReadied();
  });
});

describe('a long pull', () => {
  const pulling = (received: number): HealthView => {
    const health = scene.health();
    return { ...health, connection: { ...health.connection, pulling: { received, total: 10_000 } } };
  };

  it('counts in the bar and under Health, and is over when the core says so', async ({ core, tab, page }) => {
    await core.show('health', pulling(1_240));
    await page.getByRole('button', { name: 'Receiving 1,240 of 10,000. Opens Health.' }).click();
    await page.getByText('Receiving 1,240 of 10,000 records.').waitFor();
    await page.getByRole('progressbar', { name: 'Receiving 1,240 of 10,000 records.' }).waitFor();
    await core.show('health', pulling(9_240));
    await page.getByText('Receiving 9,240 of 10,000 records.').waitFor();
    expect(await tab.violations()).toEqual([]);
    await core.show('health', scene.health());
    await page
      .getByText(/^Receiving/)
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Ready. Opens Health.' }).waitFor();
  });
});

describe('records that cannot be used', () => {
  it('are said in the bar and under Health, in the singular and in the plural', async ({
    core,
    tab,
    page,
  }) => {
    const health = scene.health();
    const withInvalid = (invalidRows: number): HealthView => ({
      ...health,
      connection: { ...health.connection, invalidRows },
    });
    await core.show('health', withInvalid(1));
    await page.getByRole('button', { name: 'One record put aside. Opens Health.' }).click();
    await page
      .getByText('One record could not be used and was put aside. Everything else works. Tell support.')
      .waitFor();
    await core.show('health', withInvalid(12));
    await page.getByText('12 records could not be used and were put aside.').waitFor();
    await page.getByRole('button', { name: '12 records put aside. Opens Health.' }).waitFor();
    expect(await tab.violations()).toEqual([]);
  });
});
