/** What the page does when something else happens meanwhile: a lock that goes, a person who goes, an answer that is overtaken. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading, holdClock, tapFirst } from './screens-common.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
});

const next = { staffId: scene.idOf(2), name: 'Tom Okafor' };

describe('a lock that leaves the store while its sheet is open', () => {
  const others = (): LockTile[] => scene.locks().slice(1);

  it('leaves its end on the screen, and is not opened by itself when it comes back', async ({
    core,
    page,
    inputsOf,
  }) => {
    core.answer('unlock', () => ok({ kind: 'unknown' }));
    await tapFirst(page);
    await page.getByText('Not known', { exact: true }).waitFor();
    await core.show('locks', { locks: others(), foreign: [] });
    expect(await page.getByText('Not known', { exact: true }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Ask the lock' }).count()).toBe(0);
    await core.show('locks', { locks: scene.locks(), foreign: [] });
    expect(inputsOf('unlock')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is said to have been given back until somebody has read it', async ({ core, page }) => {
    const first = scene.tile(1, 'Spirits cabinet 1', 'Spirits', 'here', { toBeReleased: true });
    await core.show('locks', { locks: [first, ...others()], foreign: [] });
    let left = Promise.resolve();
    core.answer('releaseLock', () => {
      left = core.show('locks', { locks: others(), foreign: [] });
      return ok(null);
    });
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByRole('button', { name: 'Remove from this store' }).click();
    await page.getByRole('button', { name: 'Yes, remove it' }).click();
    await page.getByText('You can take it off.').waitFor();
    await left;
    expect(await page.getByText('You can take it off.').isVisible()).toBe(true);
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).count()).toBe(0);
  });
});

describe('a sheet in which something goes on', () => {
  it('stays until it is over, however often Escape is pressed', async ({ core, page, inputsOf }) => {
    let over = (): void => undefined;
    core.answer('stopUnlock', () => ok(null));
    core.answer('unlock', async ({ serialNumber }) => {
      await new Promise<void>((resolve) => (over = resolve));
      return ok({ kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } });
    });
    await tapFirst(page);
    await expect.poll(() => inputsOf('unlock'), { timeout: 30_000 }).toHaveLength(1);
    // A tap that comes a moment later shows more of it.
    await expect
      .poll(async () => {
        if ((await page.getByRole('dialog').count()) === 0) await tapFirst(page);
        return page.getByRole('dialog').count();
      })
      .toBe(1);
    // The browser asks whether a dialog may be closed only so often; after that it closes it.
    const isOpen = (): Promise<unknown> => page.evaluate("document.querySelector('dialog').open");
    for (let n = 0; n < 5; n += 1) {
      await page.keyboard.press('Escape');
      await expect.poll(isOpen, { timeout: 30_000 }).toBe(true);
    }
    // Whoever stopped it is told nothing that they do not know.
    over();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'More about Game consoles' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Game consoles' }).waitFor();
  });
});

describe('the countdown to signing out', () => {
  it('can be stopped over an open sheet, which stays', async ({ core, page, inputsOf }) => {
    const until = (idleAt: number): Promise<void> =>
      core.show('kiosk', scene.signedIn({ session: { staffId: scene.idOf(1), name: 'Maya', idleAt } }));
    core.answer('touch', () => {
      void until(scene.sceneNow + 600_000);
      return ok(null);
    });
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByRole('dialog').waitFor();
    await until(scene.sceneNow + 9_000);
    await page.getByRole('dialog').getByRole('button', { name: 'Stay signed in' }).hover();
    // Nothing moves away from under the finger, and the bar does not take the sheet with it when the finger leaves.
    const bar = page.getByRole('dialog').getByText(/Signing out in/);
    await page.mouse.down();
    await page
      .getByRole('dialog')
      .getByText(/Signing out in (600|5\d\d) s/)
      .waitFor();
    await page.mouse.up();
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('dialog').getByRole('button', { name: 'Make it blink' }).waitFor();
    expect(inputsOf('touch').length).toBeGreaterThan(0);
  });
});

describe('a person who signs out while locks are captured', () => {
  it('leaves the rest alone: nothing is captured in the name of whoever signs in next', async ({
    core,
    page,
    inputsOf,
  }) => {
    let captured = (): void => undefined;
    core.answer('captureEnrolment', async () => {
      await new Promise<void>((resolve) => (captured = resolve));
      return ok({ enrolmentId: scene.idOf(700) });
    });
    await page.getByRole('button', { name: '2 new locks' }).click();
    await page.getByRole('button', { name: 'Tick all' }).click();
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    await page.getByRole('button', { name: 'Add 2 locks' }).click();
    await page.getByText('waiting for its turn').waitFor();

    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    await core.show('kiosk', scene.signedIn({ session: { ...next, idleAt: scene.sceneNow + 600_000 } }));
    await page.getByText(next.name).waitFor();
    captured();
    await page.getByRole('button', { name: '2 new locks' }).click();
    await heading(page, 'New locks');
    expect(inputsOf('captureEnrolment')).toHaveLength(1);
  });
});

describe('a lock that was asked', () => {
  it('is said to be locked once it says so itself, whatever it answered before', async ({ core, page }) => {
    const over = { kind: 'open', until: scene.sceneNow - 3_000 } as const;
    core.answer('unlock', () => {
      void core.show('attempt', attempt({ end: over, bolt: 'open', canStop: false }));
      return ok(over);
    });
    core.answer('askLock', () => ok({ bolt: 'open', battery: 70 }));
    await tapFirst(page);
    await page.getByText('Check it: not heard locked yet', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByRole('button', { name: 'Ask the lock' }).click();
    await page.getByText('The lock says: open').waitFor();
    await core.show('attempt', attempt({ end: over, bolt: 'locked', canStop: false }));
    await page.getByRole('dialog').getByText('Locked again', { exact: true }).waitFor();
  });

  it('can be asked again after it has said that it is open', async ({ core, page }) => {
    core.answer('unlock', () => ok({ kind: 'unknown' }));
    core.answer('askLock', () => ok({ bolt: 'open', battery: 70 }));
    await tapFirst(page);
    await page.getByRole('button', { name: 'Ask the lock' }).click();
    await page.getByText('The lock says: open').waitFor();
    core.answer('askLock', () => ok({ bolt: 'locked', battery: 70 }));
    await page.getByRole('button', { name: 'Ask the lock' }).click();
    await page.getByText('The lock says: locked').waitFor();
  });
});

describe('a PIN that was half entered', () => {
  it('is not left to the next person', async ({ core, page }) => {
    await core.show('kiosk', scene.kiosk());
    await holdClock(page);
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    const type = async (digit: string): Promise<void> => {
      await page.keyboard.type(digit);
      // What comes at one instant is a scanner's.
      await page.clock.fastForward(200);
    };
    await type('2');
    await type('4');
    await page.getByRole('img', { name: '2 digits entered' }).waitFor();
    await page.clock.fastForward(29_000);
    await type('6');
    await page.clock.fastForward(29_000);
    await page.getByRole('img', { name: '3 digits entered' }).waitFor();
    await page.clock.fastForward(2_000);
    await heading(page, 'Choose your name');
  });
});

describe('a PIN that is being checked', () => {
  it('can’t be walked away from: whoever is chosen next would work as the one before', async ({
    core,
    page,
  }) => {
    await core.show('kiosk', scene.kiosk());
    let checked: (() => void) | undefined;
    core.answer('signIn', async () => {
      await new Promise<void>((resolve) => (checked = resolve));
      void core.show('kiosk', scene.signedIn());
      return ok(null);
    });
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await page.keyboard.type('2468');
    await page.keyboard.press('Enter');
    await page.getByText('Checking …').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Someone else' }).isDisabled()).toBe(true);
    // The page says that it is being checked before the kiosk has heard of it.
    await expect.poll(() => typeof checked).toBe('function');
    checked?.();
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
  });
});

describe('Health, with nobody signed in', () => {
  it('is left with Escape', async ({ core, page }) => {
    await core.show('kiosk', scene.kiosk());
    await page.getByRole('button', { name: /^Ready/ }).click();
    await heading(page, 'Health');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
  });

  it('offers nothing that would change the screen or its sound for everybody, as it does to who is signed in', async ({
    core,
    page,
  }) => {
    const offered = () => page.getByRole('heading', { name: 'This screen' });
    await page.getByRole('button', { name: /^Ready/ }).click();
    await heading(page, 'Health');
    await offered().waitFor();
    await core.show('kiosk', scene.kiosk());
    await offered().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Ready/ }).click();
    await heading(page, 'Health');
    expect(await offered().count()).toBe(0);
  });
});

describe('a change of screen', () => {
  const test = it.extend(
    'focusOn',
    ({ page }) =>
      (text: string) =>
        page.locator('h1:focus', { hasText: text }).waitFor({ state: 'attached' }),
  );

  test('takes the focus to the heading of the new one', async ({ core, page, focusOn }) => {
    await page.getByRole('button', { name: /^\d+ new/ }).click();
    await focusOn('New locks');
    await page.keyboard.press('Escape');
    await focusOn('Counter');
    await core.show('kiosk', scene.kiosk());
    await focusOn('Choose your name');
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await focusOn('Maya L.');
  });
});
