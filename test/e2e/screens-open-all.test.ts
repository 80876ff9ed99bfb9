/** Many locks at once: it is asked first, and it can be stopped at any time and on any screen. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { GroupView } from '#shared/ipc/views.ts';
import { holdTime, letTimeGo } from '#support/held-time.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-common.ts';

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

const it = kioskPageTest(async (kiosk) => {
  // Chips of groups are there from the second group on.
  await kiosk.show('locks', { locks: [...many, scene.tile(90, 'Perfume', 'Perfume', 'far')], foreign: [] });
  kiosk.answer('stopGroup', () => ok(null));
  kiosk.answer('stopUnlock', () => ok(null));
  kiosk.answer('unlockGroup', () => new Promise(() => undefined));
  kiosk.answer('unlock', () => new Promise(() => undefined));
}).extend('wish', ({ page }) => async (): Promise<void> => {
  await page.getByRole('button', { name: 'Electronics', exact: true }).click();
  await page.getByRole('button', { name: /^Open all 18/ }).click();
});

describe('opening a whole group', () => {
  it('is asked first, with the number and the group, and a no opens nothing', async ({
    page,
    inputsOf,
    wish,
  }) => {
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

  it.for([
    [1280, 800],
    [1024, 768],
    [640, 480],
  ] as const)(
    'has its Stop in sight at %d × %d, whichever lock is at work',
    async ([width, height], { core, page, inputsOf, wish }) => {
      await page.setViewportSize({ width, height });
      await wish();
      await page.getByRole('button', { name: 'Open 18', exact: true }).click();
      for (const at of [0, 9, 17]) {
        await core.show('group', { run: run(at) });
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
      await expect.poll(() => inputsOf('stopGroup')).toEqual([{ runId: scene.idOf(700) }]);
    },
  );

  it('has to wait while a lock is being opened, and no longer', async ({ core, page, inputsOf }) => {
    let end = (): void => undefined;
    core.answer('unlock', async () => {
      await new Promise<void>((resolve) => (end = resolve));
      return ok({ kind: 'open', until: scene.sceneNow + 60_000 });
    });
    const all = page.getByRole('button', { name: /^Open all 18/ });
    await page.getByRole('button', { name: /^Open Showcase 1, / }).click();
    await expect.poll(() => inputsOf('unlock').length).toBe(1);
    await expect.poll(() => all.isDisabled()).toBe(true);
    end();
    await expect.poll(() => all.isEnabled()).toBe(true);
  });
});

describe('the sections of the Counter', () => {
  const test = it.extend(
    'section',
    ({ page }) =>
      (name: string) =>
        page.getByRole('region', { name }),
  );

  const others = [
    scene.tile(91, 'Perfume 1', 'Perfume', 'here'),
    scene.tile(92, 'Perfume 2', 'Perfume', 'here'),
    scene.tile(93, 'Back door', '', 'here'),
    scene.tile(94, 'Side door', '', 'here'),
  ];

  test('have a name, a count and a way to open all of it, which asks; locks of no group stand last, by themselves', async ({
    core,
    page,
    inputsOf,
    section,
  }) => {
    await core.show('locks', { locks: [...others, ...many], foreign: [] });
    await section('No group').getByText('2 locks').waitFor();
    expect(await page.locator('main h2').allTextContents()).toEqual(['Electronics', 'Perfume', 'No group']);
    await section('Electronics').getByText('18 locks').waitFor();
    expect(
      await section('No group')
        .getByRole('button', { name: /^Open all/ })
        .count(),
    ).toBe(0);
    await section('Perfume').getByRole('button', { name: 'Open all 2 nearby … of Perfume' }).click();
    await page.getByRole('heading', { name: 'Open 2 locks of Perfume?' }).waitFor();
    expect(inputsOf('unlockGroup')).toEqual([]);
    await page.getByRole('button', { name: 'Open 2', exact: true }).click();
    await expect
      .poll(() => inputsOf('unlockGroup'))
      .toEqual([{ serialNumbers: [scene.serialOf(91), scene.serialOf(92)] }]);
  });

  test('keep their heading in sight while their locks are, and no heading where there is nothing to tell apart', async ({
    core,
    page,
    section,
  }) => {
    await core.show('locks', { locks: [...others, ...many], foreign: [] });
    const heading = section('Electronics').getByRole('heading');
    await section('No group').getByText('2 locks').waitFor();
    const top = (await heading.boundingBox())?.y;
    await page.locator('main li', { hasText: 'Showcase 16' }).scrollIntoViewIfNeeded();
    await page.locator('main .scroll').evaluate('(one) => one.scrollBy(0, 200)');
    const list = await page.locator('main .scroll').boundingBox();
    const stuck = await heading.boundingBox();
    if (!list || !stuck || top === undefined) throw new Error('Nothing is there');
    expect(stuck.y).toBeGreaterThanOrEqual(list.y);
    expect(stuck.y).toBeLessThanOrEqual(top);
    await core.show('locks', { locks: others.slice(2), foreign: [] });
    await section('Electronics').waitFor({ state: 'detached' });
    expect(await page.locator('main h2').count()).toBe(0);
  });
});

describe('a double tap', () => {
  it('on a tile opens the lock: its second tap stops nothing that has come under the finger', async ({
    core,
    page,
    inputsOf,
  }) => {
    const [first] = many;
    if (!first) throw new Error('There is no lock');
    const box = await page.locator('main li', { hasText: /Showcase 1(?!\d)/ }).boundingBox();
    if (!box) throw new Error('There is no tile');
    // Where Stop comes to lie, beside the three dots.
    const at = { x: box.x + box.width - 64, y: box.y + box.height - 20 };
    const stop = page.getByRole('button', { name: 'Stop opening Showcase 1', exact: true });
    // A finger that comes right after another screen opens nothing either.
    await page.getByRole('button', { name: /^Open Showcase 1, / }).hover();
    await page.evaluate(holdTime);
    await page.mouse.dblclick(at.x, at.y);
    await page.evaluate(letTimeGo);
    await page.getByText('Listening …', { exact: true }).waitFor();
    await core.show(
      'attempt',
      attempt({ serialNumber: first.serialNumber, stage: 'connect', stageMs: { find: 90 } }),
    );
    await page.getByText('Connecting …', { exact: true }).waitFor();
    const lies = await stop.boundingBox();
    expect(lies && at.x > lies.x && at.x < lies.x + lies.width && at.y > lies.y).toBe(true);
    expect(inputsOf('unlock')).toHaveLength(1);
    expect(inputsOf('stopUnlock')).toEqual([]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    // And a moment later it is there for whoever means it.
    await expect
      .poll(async () => {
        await stop.click();
        return inputsOf('stopUnlock').length;
      })
      .toBeGreaterThan(0);
  });

  it('in the middle of a tile opens the lock, and not its sheet as well', async ({ page, inputsOf }) => {
    const tile = page.getByRole('button', { name: /^Open Showcase 1, / });
    await tile.hover();
    await page.evaluate(holdTime);
    await tile.dblclick();
    await page.evaluate(letTimeGo);
    await page.getByText('Listening …', { exact: true }).waitFor();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('whoever is signed out while a group is being opened', () => {
  const test = it
    .extend('said', ({ page }) => page.getByRole('status').filter({ hasText: 'opened together' }))
    .extend('begin', ({ page, inputsOf, wish }) => async (): Promise<void> => {
      await wish();
      await page.getByRole('button', { name: 'Open 18', exact: true }).click();
      await expect.poll(() => inputsOf('unlockGroup').length).toBeGreaterThan(0);
    });

  const open = { kind: 'open', until: scene.sceneNow + 5_000 } as const;
  const cancelled = { kind: 'not_open', error: { code: 'lock.cancelled', params: {} } } as const;

  test('reads how many were opened, how many left locked and of how many that is not known, until the next is in', async ({
    core,
    page,
    said,
    begin,
  }) => {
    await begin();
    await core.show('group', { run: run(3) });
    await page.getByText('0 of 18 opened so far').waitFor();
    await core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
    expect(await said.count()).toBe(0);
    const locks = run(0).locks.map((lock, at) => ({
      ...lock,
      working: false,
      end: at < 3 ? open : at === 3 ? ({ kind: 'unknown' } as const) : cancelled,
    }));
    await core.show('group', { run: { ...run(0), over: true, locks } });
    await said.getByText('3 were opened and 14 were left locked. Of one it is not known').waitFor();
    await core.show('kiosk', scene.signedIn());
    await page.getByRole('button', { name: /^Open Showcase 1, / }).waitFor();
    await core.show('kiosk', scene.kiosk());
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
    expect(await said.count()).toBe(0);
  });

  test('reads nothing of one whose end they had read', async ({ core, page, said, begin }) => {
    await begin();
    const locks = run(0).locks.map((lock) => ({ ...lock, working: false, end: open }));
    await core.show('group', { run: { ...run(0), over: true, locks } });
    await page.getByRole('button', { name: 'Done' }).click();
    await core.show('kiosk', scene.kiosk());
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
    expect(await said.count()).toBe(0);
  });
});
