/** What a person sees of one opening, in its tile and in its sheet, against a core that is written down. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, holdClock, tapFirst } from './screens-common.ts';
const over = scene.sceneNow - 3_000;

const it = kioskPageTest((kiosk) => kiosk.show('locks', { locks: scene.locks(), foreign: [] }))
  /** The lock opens until then, by the core's time, and has not said since that it is locked again. */
  .extend(
    'opensUntil',
    ({ core }) =>
      (until: number) =>
        core.answer('unlock', () => {
          const end = { kind: 'open', until } as const;
          void core.show('attempt', attempt({ end, bolt: 'open', canStop: false }));
          return ok(end);
        }),
  )
  .extend('checkIt', ({ page }) => page.getByText('Check it: not heard locked yet', { exact: true }));

describe('an unlock', () => {
  it('asks the lock when the end is not known, and says what it says', async ({ core, page }) => {
    core.answer('unlock', () => ok({ kind: 'unknown' }));
    core.answer('askLock', () => ok({ bolt: 'open', battery: 70 }));
    await tapFirst(page);
    await page.getByText('Not known', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Ask the lock' }).click();
    await page.getByText('The lock says: open').waitFor();
  });

  it('is not known, rather than failed, when the core is lost on the way', async ({ core, page }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    await tapFirst(page);
    await page.getByText('Listening …', { exact: true }).waitFor();
    core.vanish();
    await page.getByText('Not known', { exact: true }).waitFor();
    await page.getByRole('alertdialog').waitFor();
    const above =
      'document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest("[role=alertdialog]") !== null';
    expect(await page.evaluate(above)).toBe(true);
    core.comeBack();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  });

  it('of a lock that is far says that it is further away, beside Stop, until the command has left', async ({
    core,
    page,
  }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    core.answer('stopUnlock', () => ok(null));
    const tile = page.locator('main li', { hasText: 'Game consoles' });
    const stop = page.getByRole('button', { name: 'Stop opening Game consoles' });
    const further = tile.getByText('Further away');
    const going = { serialNumber: scene.serialOf(8), stage: 'connect', stageMs: { find: 90 } } as const;
    await page.getByRole('button', { name: /^Open Game consoles/ }).click();
    await further.waitFor();
    await core.show('attempt', attempt(going));
    await tile.getByText('Connecting …').waitFor();
    expect([await further.isVisible(), await stop.isVisible()]).toEqual([true, true]);
    await page.getByRole('status').filter({ hasText: 'Game consoles: Further away. Connecting' }).waitFor();
    // The same in its sheet.
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: /^Game consoles/ }).click();
        return page.getByRole('dialog').count();
      })
      .toBe(1);
    await page.getByRole('dialog').getByText('It is further away.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await core.show('attempt', attempt({ ...going, stage: 'actuate', canStop: false }));
    await page.getByRole('dialog').getByText('It is further away.').waitFor({ state: 'detached' });
    expect(await further.count()).toBe(0);
  });

  it('can be stopped until the command has been sent, and not later', async ({ core, page, inputsOf }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    core.answer('stopUnlock', () => ok(null));
    await tapFirst(page);
    await core.show('attempt', attempt({ stage: 'connect', stageMs: { find: 90 } }));
    await page.getByText('Connecting …', { exact: true }).waitFor();
    const stop = page.getByRole('button', { name: 'Stop opening Spirits cabinet 1' });
    // A moment after the tap, because the second tap of a double tap stops nothing.
    await expect
      .poll(async () => {
        await stop.click();
        return inputsOf('stopUnlock');
      })
      .toContainEqual({ attemptId: scene.idOf(900) });
    await core.show('attempt', attempt({ stage: 'actuate', stageMs: { find: 90 }, canStop: false }));
    await page.getByText('Opening …', { exact: true }).waitFor();
    expect(await stop.count()).toBe(0);
    // The same in its sheet.
    await tapFirst(page);
    expect(await page.getByRole('button', { name: 'The command has been sent' }).isDisabled()).toBe(true);
  });

  it('keeps the wish to stop until the core has named the attempt', async ({ core, page, inputsOf }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    core.answer('stopUnlock', () => ok(null));
    await tapFirst(page);
    await page.getByText('Listening …', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await core.show('attempt', attempt({ stage: 'find' }));
    await expect.poll(() => inputsOf('stopUnlock')).toEqual([{ attemptId: scene.idOf(900) }]);
  });

  it('goes on where Escape clears the search, and is stopped by the next Escape', async ({
    core,
    page,
    inputsOf,
  }) => {
    core.answer('unlock', () => new Promise(() => undefined));
    core.answer('stopUnlock', () => ok(null));
    await tapFirst(page);
    await core.show('attempt', attempt({ stage: 'find' }));
    await page.getByText('Listening …', { exact: true }).waitFor();
    await page.keyboard.type('Spirits');
    const searched = () => page.getByPlaceholder('Search').inputValue();
    await expect.poll(searched).toBe('Spirits');
    await page.keyboard.press('Escape');
    await expect.poll(searched).toBe('');
    await core.show('attempt', attempt({ stage: 'connect', stageMs: { find: 90 } }));
    await page.getByText('Connecting …', { exact: true }).waitFor();
    expect(inputsOf('stopUnlock')).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => inputsOf('stopUnlock')).toEqual([{ attemptId: scene.idOf(900) }]);
  });

  it('says "locked again" only when the lock has said so, in its tile and in its sheet', async ({
    core,
    page,
    opensUntil,
    checkIt,
  }) => {
    opensUntil(over);
    await tapFirst(page);
    await checkIt.waitFor();
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByText('The lock has not yet said that it is locked again').waitFor();
    await core.show(
      'attempt',
      attempt({ end: { kind: 'open', until: over }, bolt: 'locked', canStop: false }),
    );
    await page.getByRole('dialog').getByText('Locked again').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('main').getByText('Check it').waitFor({ state: 'detached' });
  });

  it('is tried again by a tap, also where the lock has not said yet that it is locked', async ({
    core,
    page,
    inputsOf,
    checkIt,
  }) => {
    const end = { kind: 'open', until: over } as const;
    core.answer('unlock', () => {
      const attemptId = crypto.randomUUID();
      void core.show('attempt', attempt({ attemptId, end, bolt: 'open', canStop: false }));
      return ok(end);
    });
    core.answer('askLock', () => ok({ bolt: 'locked', battery: 70 }));
    await tapFirst(page);
    await checkIt.waitFor();
    await expect
      .poll(async () => {
        await tapFirst(page);
        return inputsOf('unlock').length;
      })
      .toBe(2);
    await checkIt.waitFor();
    // Whoever has read it, and asked the lock, is not told it again.
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.getByRole('button', { name: 'Ask the lock' }).click();
    await page.getByText('The lock says: locked').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await checkIt.waitFor({ state: 'detached' });
  });

  it('that began in the sheet and is tried again in the tile has its sheet when nobody knows its end', async ({
    core,
    page,
    inputsOf,
    opensUntil,
    checkIt,
  }) => {
    opensUntil(scene.sceneNow + 60_000);
    const sheet = page.getByRole('dialog');
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await sheet.getByRole('button', { name: 'Open', exact: true }).click();
    await sheet.getByRole('button', { name: 'Done' }).click();
    await sheet.waitFor({ state: 'detached' });
    await core.show('attempt', attempt({ end: { kind: 'open', until: over }, bolt: 'open', canStop: false }));
    await checkIt.waitFor();
    core.answer('unlock', () => {
      const end = { kind: 'unknown' } as const;
      void core.show('attempt', attempt({ attemptId: scene.idOf(901), end, canStop: false }));
      return ok(end);
    });
    await tapFirst(page);
    await sheet.getByText('Not known', { exact: true }).waitFor();
    expect(inputsOf('unlock')).toHaveLength(2);
  });

  it('whose sheet is closed while the lock is still asked stays on its tile, which says what is to be done', async ({
    core,
    page,
    opensUntil,
    checkIt,
  }) => {
    opensUntil(scene.sceneNow + 60_000);
    await holdClock(page);
    await core.show('kiosk', scene.signedIn());
    const sheet = page.getByRole('dialog');
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await page.clock.runFor(1_000);
    await sheet.getByRole('button', { name: 'Open', exact: true }).click();
    await sheet.getByRole('button', { name: 'Done' }).waitFor();
    await page.clock.runFor(1_000);
    const until = scene.sceneNow + 2_000;
    await core.show('attempt', attempt({ end: { kind: 'open', until }, bolt: 'open', canStop: false }));
    await sheet.getByText('The lock is asked whether it is locked again.').waitFor();
    await sheet.getByRole('button', { name: 'Done' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.clock.runFor(3_000);
    await checkIt.waitFor();
  });

  it('that is refused before the core has begun it says so, not how the one before ended', async ({
    core,
    page,
    opensUntil,
    checkIt,
  }) => {
    opensUntil(over);
    await tapFirst(page);
    await checkIt.waitFor();
    core.answer('unlock', () => fail('lock.busy', { serialNumber: scene.serialOf(1) }));
    // The second tap of a double tap would begin nothing.
    await page.waitForTimeout(700);
    await tapFirst(page);
    await page.getByRole('dialog').getByText('Not opened', { exact: true }).waitFor();
  });

  it('is not tried when it cannot work: the tile says why', async ({ page, inputsOf }) => {
    await page.getByRole('button', { name: /^Memory cards/ }).click();
    await page.getByText('Bring the kiosk online; the key comes by itself.').waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    expect(
      await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).isDisabled(),
    ).toBe(true);
  });
});
