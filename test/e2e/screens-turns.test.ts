/** Openings that cross: what is opened for whom, in which turn, and what a hand that slips does not open. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading } from './screens-common.ts';
import { endedAgain, locksHere, names, openGroup, underWay } from './screens-group.ts';

let core: FakeCore;
let page: Page;
let ends: ((as: 'open' | 'cancelled') => void)[];
useKioskPage(
  async (kiosk) => {
    ends = [];
    await kiosk.show('locks', { locks: locksHere(), foreign: [] });
    kiosk.answer('stopUnlock', () => ok(null));
    kiosk.answer('stopGroup', () => ok(null));
    kiosk.answer('unlockGroup', () => new Promise(() => undefined));
    kiosk.answer('unlock', async ({ serialNumber }) => {
      const as = await new Promise<'open' | 'cancelled'>((resolve) => ends.push(resolve));
      if (as === 'open') return ok({ kind: 'open', until: scene.sceneNow + 60_000 });
      return ok({ kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } });
    });
  },
  (to) => ({ core, page } = to),
);

const tom = scene.signedIn({
  session: { staffId: scene.idOf(2), name: 'Tom', idleAt: scene.sceneNow + 600_000 },
});
beforeEach(() => tile(names[3]).waitFor());

const inputsOf = (wanted: string): unknown[] =>
  core.seen.filter(({ name }) => name === wanted).map(({ input }) => input);
const tile = (name: string) => page.locator('main li', { hasText: name });
const tap = (name: string): Promise<void> =>
  page.getByRole('button', { name: new RegExp(`^Open ${name}, `) }).click();
const sheet = () => page.getByRole('dialog');
const nextPerson = async (): Promise<void> => {
  await core.show('kiosk', scene.kiosk());
  await heading(page, 'Choose your name');
  await core.show('kiosk', tom);
  await page.getByText('Tom', { exact: true }).waitFor();
};
const opening = async (name: string): Promise<void> => {
  await tap(name);
  await tile(name).getByText('Listening …').waitFor();
  await expect.poll(() => inputsOf('unlock').length).toBe(1);
};

/** Taps Stop and, as soon as it has gone, what lies under the finger then: in the page, where nothing comes in between. */
const tapStopTwice = (name: string): Promise<unknown> =>
  page.evaluate(`(async () => {
    const stop = document.querySelector('button[aria-label="Stop opening ${name}"]');
    const { x, y, height } = stop.getBoundingClientRect();
    stop.click();
    while (stop.isConnected) await new Promise((resolve) => setTimeout(resolve, 5));
    document.elementFromPoint(x + 10, y + height / 2).click();
  })()`);

describe('a finger that taps Stop twice', () => {
  it('opens nothing with its second tap, where the lock had only waited', async () => {
    await opening(names[0]);
    await tap(names[1]);
    await tile(names[1]).getByText('Waits its turn').waitFor();
    // The second tap of the double tap that opens it would stop nothing.
    await page.waitForTimeout(700);
    await tapStopTwice(names[1]);
    ends[0]?.('open');
    await tile(names[0])
      .getByText(/^Open \d+ s$/)
      .waitFor();
    await page.waitForTimeout(100);
    expect(inputsOf('unlock')).toHaveLength(1);
  });

  it('opens nothing with its second tap, where the lock was at work', async () => {
    await opening(names[0]);
    await core.show('attempt', attempt({ stage: 'connect' }));
    await tile(names[0]).getByText('Connecting …').waitFor();
    await page.waitForTimeout(700);
    core.answer('stopUnlock', () => {
      ends[0]?.('cancelled');
      return ok(null);
    });
    await tapStopTwice(names[0]);
    await page.waitForTimeout(200);
    expect(inputsOf('unlock')).toHaveLength(1);
  });
});

describe('a key that is held', () => {
  it('opens a lock once, and stops nothing', async () => {
    core.answer('stopUnlock', () => {
      ends.at(-1)?.('cancelled');
      return ok(null);
    });
    await page.getByRole('button', { name: new RegExp(`^Open ${names[0]}, `) }).focus();
    const until = Date.now() + 3_000;
    while (Date.now() < until) {
      await page.keyboard.down('Enter');
      if (inputsOf('unlock').length > 0) await core.show('attempt', attempt({ stage: 'connect' }));
      await page.waitForTimeout(40);
    }
    await page.keyboard.up('Enter');
    expect(inputsOf('unlock')).toHaveLength(1);
    expect(inputsOf('stopUnlock')).toEqual([]);
  });
});

describe('"Open all" and a lock that is opened for somebody else', () => {
  it('waits for its turn, and can be given up meanwhile', async () => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet().getByText('Waits its turn').waitFor();
    expect(inputsOf('unlockGroup')).toEqual([]);
    await page.waitForTimeout(700);
    await sheet().getByRole('button', { name: 'Stop' }).click();
    await sheet().waitFor({ state: 'detached' });
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(inputsOf('unlockGroup')).toEqual([]);
  });

  it('opens once that has ended, for whoever is still there', async () => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet().getByText('Waits its turn').waitFor();
    ends[0]?.('open');
    await expect.poll(() => inputsOf('unlockGroup')).toHaveLength(1);
  });

  it('opens nothing for somebody who has signed out while it waited', async () => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet().getByText('Waits its turn').waitFor();
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(inputsOf('unlockGroup')).toEqual([]);
  });

  it('has a single tap of the next person wait for the group of the one before', async () => {
    let over = (): void => undefined;
    core.answer('unlockGroup', async () => {
      void core.show('group', { run: underWay() });
      await new Promise<void>((resolve) => (over = resolve));
      void core.show('group', { run: endedAgain() });
      return ok(null);
    });
    await openGroup(page);
    await sheet().getByText('1 of 4 opened so far').waitFor();
    await nextPerson();
    await tap(names[0]);
    await tile(names[0]).getByText('Waits its turn').waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    over();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(1);
  });

  it('is stopped also where that is wanted before the core has named the run', async () => {
    await openGroup(page);
    await expect.poll(() => inputsOf('unlockGroup')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await core.show('group', { run: underWay() });
    await expect.poll(() => inputsOf('stopGroup')).toEqual([{ runId: underWay().runId }]);
  });
});

describe('a person who comes right after another', () => {
  it('finds nothing of what the one before looked at', async () => {
    await page.getByRole('button', { name: `More about ${names[0]}` }).click();
    await sheet().waitFor();
    await core.show('kiosk', tom);
    await page.getByText('Tom', { exact: true }).waitFor();
    await page.waitForTimeout(300);
    expect(await sheet().count()).toBe(0);
  });

  it('is not told the end of the opening of the one before as that of the same lock’s next one', async () => {
    await opening(names[0]);
    await nextPerson();
    await tap(names[0]);
    await tile(names[0]).getByText('Waits its turn').waitFor();
    await core.show(
      'attempt',
      attempt({ end: { kind: 'open', until: scene.sceneNow + 60_000 }, bolt: 'open', canStop: false }),
    );
    await page.waitForTimeout(300);
    expect(await tile(names[0]).textContent()).toContain('Waits its turn');
  });
});

describe('a scanner at work while taps wait behind an opening', () => {
  const waiting = async (): Promise<void> => {
    await opening(names[0]);
    for (const name of names.slice(1, 3)) {
      await tap(name);
      await tile(name).getByText('Waits its turn').waitFor();
    }
  };

  it('is answered within 100 ms, label by label, hides nothing that goes on, and costs no tap', async () => {
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
  const left = (count: string) => page.getByText(`${count} had been tapped`);

  it.each([
    ['by idleness', scene.idOf(1)],
    ['by themselves', null],
  ])('%s, has nothing opened, and it is said how many were not', async (_how, idledOut) => {
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
  });

  it('is not said to have left behind what did open', async () => {
    await opening(names[0]);
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(await page.getByText('had been tapped').count()).toBe(0);
  });
});
