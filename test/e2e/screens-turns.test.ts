/** Openings that cross: what is opened for whom, in which turn, and what a hand that slips does not open. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, heading } from './screens-common.ts';
import { endedAgain, names, openGroup, underWay } from './screens-group.ts';
import { turnsTest as it, tom } from './turns-page.ts';

describe('a finger that taps Stop twice', () => {
  it('opens nothing with its second tap, where the lock had only waited', async ({
    page,
    inputsOf,
    tile,
    tap,
    opening,
    tapStopTwice,
    ends,
  }) => {
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

  it('opens nothing with its second tap, where the lock was at work', async ({
    core,
    page,
    inputsOf,
    tile,
    opening,
    tapStopTwice,
    ends,
  }) => {
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
  it('opens a lock once, and stops nothing', async ({ core, page, inputsOf, ends }) => {
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
  it('waits for its turn, and can be given up meanwhile', async ({
    page,
    inputsOf,
    sheet,
    nextPerson,
    opening,
    ends,
  }) => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet.getByText('Waits its turn').waitFor();
    expect(inputsOf('unlockGroup')).toEqual([]);
    await page.waitForTimeout(700);
    await sheet.getByRole('button', { name: 'Stop' }).click();
    await sheet.waitFor({ state: 'detached' });
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(inputsOf('unlockGroup')).toEqual([]);
  });

  it('opens once that has ended, for whoever is still there', async ({
    page,
    inputsOf,
    sheet,
    nextPerson,
    opening,
    ends,
  }) => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet.getByText('Waits its turn').waitFor();
    ends[0]?.('open');
    await expect.poll(() => inputsOf('unlockGroup')).toHaveLength(1);
  });

  it('opens nothing for somebody who has signed out while it waited', async ({
    core,
    page,
    inputsOf,
    sheet,
    nextPerson,
    opening,
    ends,
  }) => {
    await opening(names[0]);
    await nextPerson();
    await openGroup(page);
    await sheet.getByText('Waits its turn').waitFor();
    await core.show('kiosk', scene.kiosk());
    await heading(page, 'Choose your name');
    ends[0]?.('open');
    await page.waitForTimeout(300);
    expect(inputsOf('unlockGroup')).toEqual([]);
  });

  it('has a single tap of the next person wait for the group of the one before', async ({
    core,
    page,
    inputsOf,
    tile,
    tap,
    sheet,
    nextPerson,
  }) => {
    let over = (): void => undefined;
    core.answer('unlockGroup', async () => {
      void core.show('group', { run: underWay() });
      await new Promise<void>((resolve) => (over = resolve));
      void core.show('group', { run: endedAgain() });
      return ok(null);
    });
    await openGroup(page);
    await sheet.getByText('1 of 4 opened so far').waitFor();
    await nextPerson();
    await tap(names[0]);
    await tile(names[0]).getByText('Waits its turn').waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    over();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(1);
  });

  it('is stopped also where that is wanted before the core has named the run', async ({
    core,
    page,
    inputsOf,
  }) => {
    await openGroup(page);
    await expect.poll(() => inputsOf('unlockGroup')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await core.show('group', { run: underWay() });
    await expect.poll(() => inputsOf('stopGroup')).toEqual([{ runId: underWay().runId }]);
  });
});

describe('a person who comes right after another', () => {
  it('finds nothing of what the one before looked at', async ({ core, page, sheet }) => {
    await page.getByRole('button', { name: `More about ${names[0]}` }).click();
    await sheet.waitFor();
    await core.show('kiosk', tom);
    await page.getByText('Tom', { exact: true }).waitFor();
    await page.waitForTimeout(300);
    expect(await sheet.count()).toBe(0);
  });

  it('is not told the end of the opening of the one before as that of the same lock’s next one', async ({
    core,
    page,
    tile,
    tap,
    nextPerson,
    opening,
  }) => {
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
