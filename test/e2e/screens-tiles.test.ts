/** The grid of the Counter: a tile has its place, and says what is true of its lock. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { LockTile, UnlockEnd } from '#shared/ipc/views.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-common.ts';

const inRange = scene.locks().filter(({ proximity }) => proximity !== null);

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: inRange, foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
})
  /** Where each tile is in what is scrolled, by its lock's name: whoever taps one may scroll it into sight. */
  .extend(
    'places',
    ({ page }) =>
      (): Promise<unknown> =>
        page.evaluate(
          `Object.fromEntries([...document.querySelectorAll('main li')].map((tile) => {
      const { x, y, width, height } = tile.getBoundingClientRect();
      const { scrollTop } = tile.closest('.scroll');
      return [tile.querySelector('.name').textContent, [x, y + scrollTop, width, height]];
    }))`,
        ),
  );

it.beforeEach(({ tile }) => tile('Game consoles').waitFor());

describe('a tile', () => {
  it('keeps its place when its lock opens, is tampered with, comes nearer or goes out of range', async ({
    core,
    page,
    tile,
    places,
  }) => {
    const before = await places();
    core.answer('unlock', () => {
      const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;
      void core.show(
        'attempt',
        attempt({ serialNumber: scene.serialOf(8), end, bolt: 'open', canStop: false, stage: 'actuate' }),
      );
      return ok(end);
    });
    await page.getByRole('button', { name: /^Open Game consoles/ }).click();
    await page.getByText(/^Open \d+ s$/).waitFor();
    const rest = (n: number): object =>
      n === 8
        ? { boltOpen: true }
        : n === 3
          ? { alarms: [{ kind: 'tampered' as const, since: scene.sceneNow, acknowledged: false }] }
          : n === 1
            ? { proximity: null, boltOpen: null }
            : {};
    const changed = inRange.map((lock, at) => ({ ...lock, proximity: 'here' as const, ...rest(at + 1) }));
    await core.show('locks', { locks: changed, foreign: [] });
    await tile('Spirits cabinet 1').getByText('out of range').waitFor();
    expect(await places()).toEqual(before);
    await core.show('locks', { locks: inRange, foreign: [] });
    await tile('Spirits cabinet 1').getByText('here').waitFor();
    expect(await places()).toEqual(before);
  });
});

it('a tile is called by what a tap on it does, its name, its group and how it is, and by no serial number', async ({
  page,
}) => {
  const names: unknown = await page.evaluate(
    "[...document.querySelectorAll('main .tap')].map((one) => one.ariaLabel)",
  );
  expect(names).toContain('Open Razor wall, right, Razors, Battery 9%, near');
  expect(names).toContain('Memory cards, Electronics, Its key is not here yet, far. Shows its details.');
  expect(String(names)).not.toContain('0001');
  // A voice calls it by what is seen on it.
  await page.getByRole('button', { name: 'Spirits cabinet 2, Spirits' }).waitFor();
});

/** The scene's locks, one of them changed. */
const withFirst = (rest: Partial<LockTile>): LockTile[] =>
  inRange.map((lock, at) => (at === 0 ? { ...lock, ...rest } : lock));
const serialNumber = scene.serialOf(1);

describe('what somebody has to look at', () => {
  it('stays on the tile of a lock of which nobody knows whether it is open, for the next person, too', async ({
    core,
    page,
    tile,
    inputsOf,
    sheet,
  }) => {
    await core.show('locks', { locks: withFirst({ unknownSince: scene.sceneNow - 60_000 }), foreign: [] });
    await tile('Spirits cabinet 1').getByText('Not known since 14:29').waitFor();
    core.answer('askLock', () => {
      void core.show('locks', { locks: inRange, foreign: [] });
      return ok({ bolt: 'locked', battery: 80 });
    });
    core.answer('lookedAtLock', () => ok(null));
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await sheet.getByRole('button', { name: 'I looked: it is locked' }).click();
    await expect.poll(() => inputsOf('lookedAtLock')).toEqual([{ serialNumber }]);
    await sheet.getByRole('button', { name: 'Ask the lock' }).click();
    await sheet.getByText('The lock says: locked').waitFor();
    expect(await tile('Spirits cabinet 1').getByText('Not known').count()).toBe(0);
  });

  it('is tampering, told to everybody, with what to do, until somebody says that they looked', async ({
    core,
    page,
    tile,
    inputsOf,
    sheet,
  }) => {
    const tampered = { kind: 'tampered', since: scene.sceneNow - 120_000, acknowledged: false } as const;
    await core.show('locks', { locks: withFirst({ alarms: [tampered] }), foreign: [] });
    await core.show('alarms', scene.alarms([tampered]));
    await tile('Spirits cabinet 1').getByText('Tampered with since 14:28').waitFor();
    await page.getByRole('alert').getByText('Tampered with: Spirits cabinet 1, since 14:28.').waitFor();
    await core.show('kiosk', scene.kiosk());
    await page.getByText('1 alarm, sign in.').waitFor();
    await core.show('kiosk', scene.signedIn());
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await sheet.getByText('Look at the lock and at the case.').waitFor();
    core.answer('acknowledgeAlarm', () => {
      void core.show('locks', {
        locks: withFirst({ alarms: [{ ...tampered, acknowledged: true }] }),
        foreign: [],
      });
      return ok(null);
    });
    await sheet.getByRole('button', { name: 'Acknowledge' }).click();
    await sheet.getByText('Somebody has looked.').waitFor();
    expect(inputsOf('acknowledgeAlarm')).toEqual([{ kind: 'tampered', serialNumber }]);
    await sheet.getByRole('button', { name: 'Close' }).click();
    await tile('Spirits cabinet 1').getByText('Tampered with, looked at').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('is a lock’s own refusal: its tile is not offered as one that opens, and promises nothing', async ({
    core,
    page,
    tile,
    sheet,
  }) => {
    const error = {
      code: 'lock.chain_refused',
      params: { serialNumber, reason: 'key_epoch_revoked' },
    } as const;
    await core.show('locks', { locks: withFirst({ refused: { at: scene.sceneNow, error } }), foreign: [] });
    await tile('Spirits cabinet 1').getByText('Refused for good at 14:30').waitFor();
    expect(await tile('Spirits cabinet 1').locator('.ready').count()).toBe(0);
    expect(await page.getByText('Opens offline until').count()).toBe(0);
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await sheet.getByText('The key of this lock was revoked.').waitFor();
    expect(await sheet.locator('dl div', { hasText: 'Opens offline' }).locator('dd').textContent()).toBe(
      'no',
    );
  });
});

describe('a kiosk that opens nothing', () => {
  it('says so once, across the screen, and no tile promises anything', async ({ core, page }) => {
    const obstacle = {
      code: 'vault.lease_expired',
      params: { lastContactAt: scene.sceneNow - 8 * 24 * 3_600_000 },
    } as const;
    await core.show('kiosk', scene.signedIn({ obstacle }));
    await core.show('locks', { locks: inRange.map((lock) => ({ ...lock, obstacle })), foreign: [] });
    await page.getByRole('alert').getByText('Nothing opens.').waitFor();
    await page.getByRole('alert').getByText('Connect the kiosk to the network').waitFor();
    expect(await page.locator('main').getByText('Offline for too long').count()).toBe(0);
    expect(await page.locator('main .ready').count()).toBe(0);
    await core.show('kiosk', scene.kiosk({ obstacle }));
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
    await page.getByRole('alert').getByText('Nothing opens.').waitFor();
  });
});

describe('a kiosk that hears nothing', () => {
  it('says of no lock that it is out of range, neither on its tile nor in its details, and promises no opening', async ({
    core,
    page,
    tile,
    sheet,
  }) => {
    const obstacle = { code: 'radio.no_dongle', params: {} } as const;
    await core.show('health', { ...scene.health(), radio: { state: 'no_dongle', since: scene.sceneNow } });
    await core.show('kiosk', scene.signedIn({ obstacle }));
    await core.show('locks', {
      locks: inRange.map((lock) => ({ ...lock, obstacle, proximity: null })),
      foreign: [],
    });
    await tile('Spirits cabinet 1').getByText('not heard now').waitFor();
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    const fact = (name: string) => sheet.locator('dl div', { hasText: name }).locator('dd').textContent();
    expect(await fact('Distance')).toBe('not heard now');
    expect(await fact('Opens offline')).toBe('no');
    expect(await page.getByText('out of range').count()).toBe(0);
  });
});

describe('the details of a lock', () => {
  it('say of an offline time that has run out that it has, and since when', async ({ core, page, sheet }) => {
    const fact = () => sheet.locator('dl div', { hasText: 'Opens offline' }).locator('dd').textContent();
    await core.show('locks', {
      locks: withFirst({ opensOfflineUntil: scene.sceneNow + 1_800_000 }),
      foreign: [],
    });
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await expect.poll(fact).toBe('until 15:00');
    await core.show('locks', {
      locks: withFirst({ opensOfflineUntil: scene.sceneNow - 60_000 }),
      foreign: [],
    });
    await expect.poll(fact).toBe('no, since 14:29');
  });

  it('say of a lock that is out of reach when it was last heard, and its battery then', async ({
    core,
    page,
    sheet,
  }) => {
    const fact = (name: string) => sheet.locator('dl div', { hasText: name }).locator('dd').textContent();
    const gone = { proximity: null, battery: null, boltOpen: null };
    const lastHeard = { at: scene.sceneNow - 90 * 60_000, battery: 31 };
    await core.show('locks', { locks: withFirst({ ...gone, lastHeard }), foreign: [] });
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await expect.poll(() => fact('Last heard here')).toBe('at 13:00');
    expect(await fact('Battery')).toBe('31%, at 13:00');
    await core.show('locks', { locks: withFirst(gone), foreign: [] });
    await expect.poll(() => fact('Last heard here')).toBe('never so far');
    expect(await fact('Battery')).toBe('not known');
    await core.show('locks', { locks: inRange, foreign: [] });
    await expect.poll(() => fact('Battery')).toBe('84%');
    expect(await sheet.getByText('Last heard here').count()).toBe(0);
  });
});

describe('the grid, with a keyboard', () => {
  it('is one stop of Tab, and the arrow keys go from tile to tile', async ({ page }) => {
    const focused = (): Promise<unknown> =>
      page.evaluate("document.activeElement.closest('li')?.querySelector('.name').textContent ?? ''");
    const names = await page.locator('main li .name').allTextContents();
    await page.getByRole('button', { name: /^Open Game consoles/ }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(names[names.indexOf('Game consoles') + 1]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(names.at(-1));
    await page.keyboard.press('Home');
    expect(await focused()).toBe(names[0]);
    // The three of the first group stand in one row.
    await page.keyboard.press('ArrowDown');
    const below = names[3];
    expect(await focused()).toBe(below);
    // Its three dots, and then out of the grid.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe(below);
  });

  it('keeps the place of the focus in and after an opening', async ({ core, page, inputsOf, sheet }) => {
    let end = (_: UnlockEnd): void => undefined;
    core.answer('unlock', async () => ok(await new Promise<UnlockEnd>((resolve) => (end = resolve))));
    const tile = page.getByRole('button', { name: /^Open Razor wall, right/ });
    const inTile = (): Promise<unknown> =>
      page.evaluate("document.activeElement.closest('li')?.querySelector('.name').textContent ?? ''");
    const inSheet = (): Promise<unknown> =>
      page.evaluate("document.activeElement.closest('dialog button')?.textContent.trim() ?? ''");
    await tile.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Listening …', { exact: true }).waitFor();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(1);
    expect(await inTile()).toBe('Razor wall, right');
    // One that wants a person has the focus in its sheet, and gives it back.
    end({ kind: 'unknown' });
    await expect.poll(inSheet).toBe('Ask the lock');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await inTile()).toBe('Razor wall, right');
    await page.keyboard.press('Enter');
    await page.getByText('Listening …', { exact: true }).waitFor();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(2);
    end({ kind: 'open', until: scene.sceneNow + 60_000 });
    await page.getByText(/^Open \d+ s$/).waitFor();
    expect(await inTile()).toBe('Razor wall, right');
  });
});

it('nothing on the Counter outweighs its locks: no button there is filled', async ({ core, page }) => {
  await core.show('newLocks', scene.newLocks());
  await core.show('enrolments', scene.enrolments());
  const fillOf = (name: string): Promise<unknown> =>
    page.getByRole('button', { name }).evaluate('(one) => getComputedStyle(one).backgroundColor');
  const fills = [await fillOf('2 new locks'), await fillOf('Being added')];
  expect(new Set(fills).size).toBe(1);
});
