/** Taps that wait behind an opening: what a scanner does to them, and what becomes of them without the person. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';
import { names } from './screens-group.ts';
import { turnsTest as it, tom } from './turns-page.ts';

describe('a scanner at work while taps wait behind an opening', () => {
  const test = it.extend('waiting', ({ tile, tap, opening }) => async (): Promise<void> => {
    await opening(names[0]);
    for (const name of names.slice(1, 3)) {
      await tap(name);
      await tile(name).getByText('Waits its turn').waitFor();
    }
  });

  test('is answered within 100 ms, label by label, hides nothing that goes on, and costs no tap', async ({
    page,
    inputsOf,
    tile,
    waiting,
    ends,
  }) => {
    await waiting();
    const took: number[] = [];
    for (const lock of scene.locks().slice(4, 13)) {
      await page.evaluate(`void (window.answered = new Promise((resolve) => {
        let begun = 0;
        window.addEventListener('keydown', () => (begun ||= performance.now()), { capture: true, once: true });
        const seen = new MutationObserver(() => {
          if (!document.body.textContent.includes(${JSON.stringify(`${lock.name} is shown.`)})) return;
          seen.disconnect();
          resolve(performance.now() - begun);
        });
        seen.observe(document.body, { subtree: true, childList: true, characterData: true });
      }))`);
      await scan(page, lock.serialNumber);
      took.push(Number(await page.evaluate('window.answered')));
      await tile(names[0]).getByText('Listening …').waitFor();
      for (const name of names.slice(1, 3)) await tile(name).getByText('Waits its turn').waitFor();
    }
    expect(took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(100);
    for (const at of [0, 1, 2]) {
      await expect.poll(() => ends.length).toBe(at + 1);
      ends[at]?.('open');
    }
    const opened = inputsOf('unlock');
    expect(opened).toEqual([1, 2, 3].map((n) => ({ serialNumber: scene.serialOf(n) })));
  });
});

describe('whoever is signed out while taps wait', () => {
  const test = it.extend(
    'left',
    ({ page }) =>
      (count: string) =>
        page.getByText(`${count} had been tapped`),
  );

  test.for([
    ['by idleness', scene.idOf(1)],
    ['by themselves', null],
  ] as const)(
    '%s, has nothing opened, and it is said how many were not',
    async ([_how, idledOut], { core, page, inputsOf, tile, tap, opening, left, ends }) => {
      core.answer('stopUnlock', () => ok(null));
      await opening(names[0]);
      for (const name of names.slice(1, 3)) await tap(name);
      await tile(names[2]).getByText('Waits its turn').waitFor();
      await core.show('kiosk', scene.kiosk({ idledOut }));
      await heading(page, 'Choose your name');
      await left('2 locks that').waitFor();
      // The core has stopped it, as its person is gone.
      ends[0]?.('cancelled');
      await left('3 locks that').waitFor();
      expect(inputsOf('unlock')).toHaveLength(1);
      // The next person is told nothing of it once they are in, and neither is whoever comes after them.
      await core.show('kiosk', tom);
      await page.getByText('Tom', { exact: true }).waitFor();
      await core.show('kiosk', scene.kiosk());
      await heading(page, 'Choose your name');
      expect(await page.getByText('had been tapped').count()).toBe(0);
      expect(inputsOf('unlock')).toHaveLength(1);
    },
  );

  test('is not said to have left behind what did open', async ({ core, page, opening, ends }) => {
    await opening(names[0]);
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(await page.getByText('had been tapped').count()).toBe(0);
  });
});
