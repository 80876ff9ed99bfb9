/** How often a person touches the screen: from signed out to an open lock, and from there to the next one. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading } from './screens-common.ts';
let touches = 0;

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('kiosk', scene.kiosk());
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
})
  .extend(
    'tries',
    ({ core }) =>
      (): unknown[] =>
        core.seen.flatMap(({ name, input }) => (name === 'signIn' ? [JSON.stringify(input)] : [])),
  )
  .extend('touch', ({ page }) => async (name: RegExp): Promise<void> => {
    await page.getByRole('button', { name }).click();
    touches += 1;
  })
  .extend('enterPin', ({ touch }) => async (pin: string): Promise<void> => {
    for (const digit of pin) await touch(new RegExp(`^${digit}$`));
  })
  .extend(
    'opened',
    ({ page }) =>
      (name: string) =>
        page
          .locator('main li', { hasText: name })
          .getByText(/^Open \d+ s$/)
          .waitFor(),
  )
  .extend('signOut', ({ core, page }) => async (): Promise<void> => {
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
  });

it.beforeEach(({ core }) => {
  core.answer('signIn', ({ pin }) => {
    if (pin !== '2468') return fail('staff.wrong_pin', { attemptsLeft: 3 });
    void core.show('kiosk', scene.signedIn());
    return ok(null);
  });
  core.answer('unlock', ({ serialNumber }) => {
    const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;
    const stage = { stage: 'actuate', canStop: false, bolt: 'open', end } as const;
    void core.show('attempt', attempt({ ...stage, serialNumber, attemptId: crypto.randomUUID() }));
    return ok(end);
  });
});

it('two touches and the PIN open the first lock, and one each further lock', async ({
  touch,
  enterPin,
  opened,
  signOut,
}) => {
  // At this kiosk for the first time since the page began: nobody knows how long the PIN is.
  touches = 0;
  await touch(/^Maya L\./);
  await enterPin('2468');
  await touch(/^Enter$/);
  await touch(/^Open Spirits cabinet 1/);
  await opened('Spirits cabinet 1');
  expect(touches - '2468'.length).toBe(3);

  await signOut();
  touches = 0;
  await touch(/^Maya L\./);
  await enterPin('2468');
  await touch(/^Open Spirits cabinet 1/);
  await opened('Spirits cabinet 1');
  expect(touches - '2468'.length).toBe(2);

  touches = 0;
  await touch(/^Open Spirits cabinet 2/);
  await opened('Spirits cabinet 2');
  expect(touches).toBe(1);
  // What was opened before is told on its own tile.
  await opened('Spirits cabinet 1');
});

/** In the page: whether a finger reaches a tile in the moment in which it is there, however busy the machine is. */
const reachOnceShown = `{
  const watch = new MutationObserver(() => {
    const tile = document.querySelector('button.tap');
    if (!tile) return;
    watch.disconnect();
    document.body.dataset.reached = getComputedStyle(tile).pointerEvents === 'none' ? 'no' : 'yes';
  });
  watch.observe(document.body, { childList: true, subtree: true });
}`;
const reachesTile = "getComputedStyle(document.querySelector('button.tap')).pointerEvents !== 'none'";

describe('a PIN whose length is known', () => {
  it.beforeEach(async ({ page, touch, enterPin, signOut }) => {
    await touch(/^Maya L\./);
    await enterPin('2468');
    await touch(/^Enter$/);
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    await signOut();
  });

  it('is sent once, also by who presses Enter all the same, and that finger opens no lock', async ({
    core,
    page,
    tries,
  }) => {
    // So many in one group that one is under the finger.
    const locks = scene.locks().map((lock) => (lock.proximity ? { ...lock, group: 'Spirits' } : lock));
    await core.show('locks', { locks, foreign: [] });
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    const enter = await page.getByRole('button', { name: 'Enter' }).boundingBox();
    if (!enter) throw new Error('There is no Enter');
    await page.evaluate(reachOnceShown);
    await page.keyboard.type('2468');
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    await page.keyboard.press('Enter');
    const touchThere = () => page.mouse.click(enter.x + enter.width / 2, enter.y + enter.height / 2);
    const unlocks = () => core.seen.filter(({ name }) => name === 'unlock').length;
    await expect.poll(() => page.evaluate('document.body.dataset.reached')).toBe('no');
    // Nothing is clicked by its name before this: what cannot be reached yet would be scrolled to again and again.
    await expect.poll(() => page.evaluate(reachesTile)).toBe(true);
    expect(tries()).toHaveLength(2);
    expect(unlocks()).toBe(0);
    await touchThere();
    await expect.poll(unlocks).toBe(1);
  });

  it('is forgotten with one wrong PIN: who guesses learns it once, who has a new PIN ends it with Enter', async ({
    page,
    tries,
  }) => {
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await page.keyboard.type('1357');
    await page.getByText('3 tries are left').waitFor();
    await page.keyboard.type('13579');
    await page.getByRole('img', { name: '5 digits entered' }).waitFor();
    expect(tries()).toHaveLength(2);
  });

  it('is whole at eight digits, and nobody else’s', async ({ page, tries }) => {
    await page.getByRole('button', { name: /^Tom O\./ }).click();
    await page.keyboard.type('1234567');
    await page.getByRole('img', { name: '7 digits entered' }).waitFor();
    expect(tries()).toHaveLength(1);
    await page.keyboard.type('8');
    await page.getByText('3 tries are left').waitFor();
  });
});

type End = 'cancelled' | 'open' | 'unknown';

describe('several locks that are tapped one after the other', () => {
  const test = it
    .extend(
      'working',
      ({ page }) =>
        (n: number) =>
          page
            .locator('main li', { hasText: `Spirits cabinet ${n}` })
            .getByText('Listening …')
            .waitFor(),
    )
    .extend(
      'inputs',
      ({ core }) =>
        (): unknown[] =>
          core.seen.flatMap(({ name, input }) => (name === 'unlock' ? [input] : [])),
    )
    /** How the one ends that is at work. */
    .extend('end', ({ core }) => {
      let resolve: (as: End) => void = () => undefined;
      core.answer('unlock', async ({ serialNumber }) => {
        const as = await new Promise<End>((to) => (resolve = to));
        if (as === 'cancelled')
          return ok({ kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } });
        return ok(as === 'open' ? { kind: 'open', until: scene.sceneNow + 60_000 } : { kind: 'unknown' });
      });
      return (as: End): void => resolve(as);
    });

  // `end` too: a fixture that no test names is not there.
  test.beforeEach(async ({ core, page, working, inputs, end: _end }) => {
    await core.show('kiosk', scene.signedIn());
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).click();
    await working(1);
    await page.getByRole('button', { name: /^Open Spirits cabinet 2/ }).click();
    await page.locator('main li', { hasText: 'Spirits cabinet 2' }).getByText('Waits its turn').waitFor();
    await expect.poll(inputs).toEqual([{ serialNumber: scene.serialOf(1) }]);
  });

  test('open in that order', async ({ end, opened, working, inputs }) => {
    end('open');
    await working(2);
    await expect
      .poll(inputs)
      .toEqual([{ serialNumber: scene.serialOf(1) }, { serialNumber: scene.serialOf(2) }]);
    end('open');
    await opened('Spirits cabinet 2');
    await opened('Spirits cabinet 1');
  });

  test('are stopped each by itself, those that wait without having begun', async ({
    end,
    page,
    opened,
    inputs,
  }) => {
    await expect
      .poll(async () => {
        const stop = page.getByRole('button', { name: 'Stop opening Spirits cabinet 2' });
        // The one before may have stopped it in this moment.
        if ((await stop.count()) > 0) await stop.click({ timeout: 2_000 }).catch(() => undefined);
        return page.getByText('Waits its turn').count();
      })
      .toBe(0);
    end('open');
    await opened('Spirits cabinet 1');
    expect(inputs()).toHaveLength(1);
  });

  test('are left alone where one before them wants a person, and where someone else signs in', async ({
    end,
    core,
    page,
    signOut,
    working,
    inputs,
  }) => {
    end('unknown');
    await page.getByRole('dialog').getByText('Not known', { exact: true }).waitFor();
    await page.getByRole('dialog').getByText('What was waiting behind it was not opened.').waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).click();
    await working(1);
    await page.getByRole('button', { name: /^Open Spirits cabinet 2/ }).click();
    await page.getByText('Waits its turn', { exact: true }).waitFor();
    await signOut();
    await core.show(
      'kiosk',
      scene.signedIn({ session: { staffId: scene.idOf(2), name: 'Tom', idleAt: scene.sceneNow + 600_000 } }),
    );
    await page.getByRole('button', { name: /^Open Spirits cabinet 2/ }).waitFor();
    end('unknown');
    await page.getByRole('button', { name: 'More about Game consoles' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Game consoles' }).waitFor();
    expect(inputs()).toEqual([{ serialNumber: scene.serialOf(1) }, { serialNumber: scene.serialOf(1) }]);
  });

  test('open for the next person, too, behind one of the person before that nobody knows the end of', async ({
    end,
    core,
    page,
    signOut,
    working,
    inputs,
  }) => {
    await signOut();
    await core.show(
      'kiosk',
      scene.signedIn({ session: { staffId: scene.idOf(2), name: 'Tom', idleAt: scene.sceneNow + 600_000 } }),
    );
    await page.getByRole('button', { name: /^Open Spirits cabinet 2/ }).click();
    await page.getByText('Waits its turn', { exact: true }).waitFor();
    end('unknown');
    await expect
      .poll(inputs)
      .toEqual([{ serialNumber: scene.serialOf(1) }, { serialNumber: scene.serialOf(2) }]);
    await working(2);
  });

  test('that end while the person is elsewhere are told when they are back', async ({ end, page }) => {
    await page.getByRole('button', { name: /^Ready/ }).click();
    await heading(page, 'Health');
    end('unknown');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('dialog').getByText('Not known', { exact: true }).waitFor();
  });
});
