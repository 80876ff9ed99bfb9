/** What people do at the kiosk, by finger and by keyboard, against a core that is written down. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading } from './screens-common.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
  await kiosk.show('enrolments', scene.enrolments());
})
  .extend(
    'focused',
    ({ page }) =>
      () =>
        page.evaluate<string>(
          '((one) => one === document.body ? "" : one.getAttribute("aria-label") ?? one.textContent.trim())(document.activeElement)',
        ),
  )
  .extend('tabTo', ({ page, focused }) => async (wanted: RegExp): Promise<void> => {
    for (let n = 0; n < 60; n += 1) {
      if (wanted.test(await focused())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Nothing that says ${wanted.source} can be reached with Tab`);
  })
  .extend(
    'firstTiles',
    ({ page }) =>
      (): Promise<string[]> =>
        page.locator('main section li .name').allTextContents(),
  );

describe('with the keyboard alone', () => {
  it('signs in, finds a lock, opens it, and is back at the Counter', async ({
    core,
    page,
    focused,
    tabTo,
    inputsOf,
  }) => {
    await core.show('kiosk', scene.kiosk());
    core.answer('signIn', () => {
      void core.show('kiosk', scene.signedIn());
      return ok(null);
    });
    core.answer('unlock', ({ serialNumber }) => {
      const end = { kind: 'open', until: Date.now() + 5_000 } as const;
      void core.show(
        'attempt',
        attempt({ serialNumber, end, bolt: 'open', canStop: false, stage: 'actuate' }),
      );
      return ok(end);
    });
    await heading(page, 'Choose your name');
    await page.keyboard.type('priya');
    await tabTo(/Priya R\./);
    await page.keyboard.press('Enter');
    await heading(page, 'Priya R.');
    await page.keyboard.type('24681');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Open Game consoles/ }).waitFor();
    expect(inputsOf('signIn')).toEqual([{ staffId: scene.idOf(3), pin: '2468' }]);

    await page.keyboard.type('game');
    await tabTo(/^Open Game consoles/);
    await page.keyboard.press('Enter');
    await page.getByText(/^Open \d+ s$/).waitFor();
    expect(inputsOf('unlock')).toEqual([{ serialNumber: scene.serialOf(8) }]);
    expect(await focused()).toMatch(/^Game consoles/);
  });

  it('reaches everything on the Counter, with a visible focus', async ({ page, tabTo }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    for (const wanted of [
      /^Sign out/,
      /^Ready/,
      /^Search locks/,
      /2 new locks/,
      /^Being added/,
      /^All$/,
      /^Open Game consoles/,
      /^More about Game consoles/,
      /out of range/,
    ]) {
      await tabTo(wanted);
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
  });
});

describe('the Counter', () => {
  it('does not move a tile under a finger', async ({ core, page, firstTiles }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    const before = await firstTiles();
    const box = await page.getByRole('button', { name: /^Open Game consoles/ }).boundingBox();
    await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + 40);
    await page.mouse.down();
    const moved = scene
      .locks()
      .map((lock): LockTile => (lock.proximity === 'far' ? { ...lock, proximity: null } : lock));
    await core.show('locks', {
      locks: [scene.tile(99, 'Aaa new in range', 'Spirits', 'here'), ...moved],
      foreign: [],
    });
    // The proof that the view has arrived: a word of a tile that stays where it is.
    await page.locator('li', { hasText: 'Game consoles' }).getByText('out of range').waitFor();
    expect(await firstTiles()).toEqual(before);
    await page.mouse.move(5, 400);
    await page.mouse.up();
    await page.getByRole('button', { name: /^Open Aaa new in range/ }).waitFor();
    expect((await firstTiles()).indexOf('Aaa new in range')).toBeGreaterThanOrEqual(0);
  });

  it('shows the whole group and name of a lock whose battery is low', async ({ core, page }) => {
    const low = scene.tile(4, 'Razor wall, right hand side', 'Razors and blades', 'near', {
      battery: 9,
      batteryLow: true,
    });
    await core.show('locks', { locks: [low], foreign: [] });
    const tile = page.getByRole('button', { name: /^Open Razor wall/ });
    await tile.getByText(/9%/).waitFor();
    const overflows = (part: string): Promise<unknown> =>
      page.evaluate(
        `((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight)(document.querySelector('main li ${part}'))`,
      );
    // 1024 and 1280 pixels are where tiles are narrowest.
    for (const width of [1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      expect([await overflows('.cut'), await overflows('.name span')], `${width}`).toEqual([false, false]);
    }
  });

  it('finds a lock by a scanned serial number, in range or not', async ({ page }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    await scan(page, scene.serialOf(25), null);
    await page.getByRole('button', { name: /^Stockroom cage 6/ }).waitFor();
    expect(await page.locator('main li').count()).toBe(1);
    // The next label is another search.
    await scan(page, scene.serialOf(8), null);
    await page.getByRole('button', { name: /^Open Game consoles/ }).waitFor();
  });

  it('has the groups in the order in which people count', async ({ core, page }) => {
    const bays = ['Bay 10', 'Bay 9', 'Bay 2'].map((bay, n) => scene.tile(n + 1, `Hook ${n}`, bay, 'here'));
    await core.show('locks', { locks: bays, foreign: [] });
    await page.getByRole('button', { name: 'Bay 10', exact: true }).waitFor();
    const chips = page.getByRole('group', { name: 'Groups' }).getByRole('button');
    expect(await chips.allTextContents()).toEqual(['All', 'Bay 2', 'Bay 9', 'Bay 10']);
  });

  it('shows that there are more groups than fit, until the last one is in sight', async ({ core, page }) => {
    const fade = (): Promise<unknown> =>
      page.evaluate("getComputedStyle(document.querySelector('.chips')).getPropertyValue('--chips-fade')");
    await page.getByRole('button', { name: 'Spirits', exact: true }).waitFor();
    await expect.poll(fade, { timeout: 30_000 }).toBe('0px');
    const inManyGroups = Array.from({ length: 16 }, (_, n) =>
      scene.tile(n + 1, `Hook ${n + 1}`, `Department ${n + 1}`, 'here'),
    );
    await core.show('locks', { locks: inManyGroups, foreign: [] });
    await expect.poll(fade, { timeout: 30_000 }).toBe('64px');
    await page.getByRole('button', { name: 'Department 16', exact: true }).click();
    await expect.poll(fade, { timeout: 30_000 }).toBe('0px');
  });

  it('stays quick with 2,000 locks in the store and 200 near', async ({ core, page }) => {
    const many = Array.from({ length: 2_000 }, (_, n) =>
      scene.tile(n, `Hook ${n}`, `Bay ${n % 12}`, n < 200 ? 'near' : null),
    );
    await core.show('locks', { locks: many, foreign: [] });
    await page.getByText('1,800 locks').or(page.getByText('1800 locks')).first().waitFor();
    // The list is drawn little by little.
    await expect.poll(() => page.locator('main li').count(), { timeout: 30_000 }).toBe(200);
    await page.keyboard.type('hook 19');
    await page
      .getByRole('button', { name: /^Open Hook 1999/ })
      .or(page.getByRole('button', { name: /Show \d+ more/ }))
      .first()
      .waitFor();
    expect(await page.locator('main li').count()).toBeLessThanOrEqual(200 + 60);
  });
});

describe('New locks', () => {
  it('ticks each lock whose label is scanned, one after the other, wherever the focus is', async ({
    page,
  }) => {
    await page.getByRole('button', { name: '2 new locks' }).click();
    await page.getByRole('heading', { name: 'New locks' }).waitFor();
    // A wedge scanner types the number and ends it with Enter.
    for (const [n, words] of [
      [0xa1, 'Enrol this lock'],
      [0xa2, 'Enrol these 2 locks'],
    ] as const) {
      await scan(page, scene.serialOf(n));
      await page.getByRole('button', { name: words }).waitFor();
    }
  });
});

describe('people and time', () => {
  it('keeps someone signed in who says so', async ({ core, page, inputsOf }) => {
    await core.show(
      'kiosk',
      scene.signedIn({
        session: { staffId: scene.idOf(1), name: 'Maya Lindqvist', idleAt: scene.sceneNow + 9_000 },
      }),
    );
    await page.getByText(/Signing out in \d s/).waitFor();
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await expect.poll(() => inputsOf('touch').length).toBeGreaterThan(0);
  });

  it('says how long signing in is paused, and takes no digits meanwhile', async ({
    core,
    page,
    inputsOf,
  }) => {
    const staff = scene.staff.map((one) => ({ ...one, lockedUntil: scene.sceneNow + 119_000 }));
    await core.show('kiosk', scene.kiosk({ staff }));
    core.answer('signIn', () => fail('staff.locked_out', { until: scene.sceneNow + 119_000 }));
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await page.keyboard.type('2468');
    await page.keyboard.press('Enter');
    await page.getByText(/Signing in is paused for 1:/).waitFor();
    expect(inputsOf('signIn')).toEqual([]);
  });

  it('counts from the core’s clock, not from the page’s', async ({ core, page }) => {
    await core.show('health', scene.offline());
    await page.getByText('Offline, opens until 11 Mar').waitFor();
    await core.show('kiosk', scene.signedIn({ now: scene.sceneNow + 6 * 24 * 3_600_000 }));
    await page.getByText('Offline, opens until Wed 14:30').waitFor();
  });
});
