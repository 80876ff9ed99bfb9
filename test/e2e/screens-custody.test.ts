/** A lock's own record, and a lock that is to be given back, as a person meets them in the lock's details. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { RingEventView } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import { sheetPageTest } from './sheet-page.ts';

const name = 'Spirits cabinet 1';
const serialNumber = scene.serialOf(1);

const it = sheetPageTest(() => undefined).extend(
  'openDetails',
  ({ core, page, sheet }) =>
    async (toBeReleased: boolean): Promise<void> => {
      await core.show('locks', {
        locks: [scene.tile(1, name, 'Spirits', 'here', { toBeReleased })],
        foreign: [],
      });
      await page.getByRole('button', { name: `More about ${name}` }).click();
      await sheet.getByRole('heading', { name }).waitFor();
    },
);

it.afterEach(async ({ tab }) => {
  expect(await tab.violations()).toEqual([]);
});

const minute = 60_000;
const entry = (sequence: number, rest: Partial<RingEventView>): RingEventView => ({
  sequence,
  at: scene.sceneNow - (30 - sequence) * minute,
  kind: 'unlocked',
  actor: { kind: 'nobody' },
  ...rest,
});

it('the record of a lock is read when it is asked for, newest first, in plain words', async ({
  core,
  openDetails,
  sheet,
  button,
  says,
}) => {
  await openDetails(false);
  expect(await sheet.getByText('The back office wants this lock removed').count()).toBe(0);
  core.answer('readLockRecord', () => fail('lock.link_lost', { serialNumber }));
  await button('Read it from the lock').click();
  await says('The connection to the lock broke off.');
  core.answer('readLockRecord', () =>
    ok({
      events: [
        entry(9, { actor: { kind: 'staff', name: 'Ada' } }),
        entry(8, { kind: 'refused', actor: { kind: 'unknown' } }),
        entry(7, { kind: 'tampered' }),
        entry(6, { kind: 'power_lost' }),
        entry(1, { kind: 'provisioned' }),
      ],
    }),
  );
  await button('Read it from the lock').click();
  await says(/^Newest first/);
  const rows = sheet.getByRole('listitem');
  expect(await rows.count()).toBe(5);
  expect(await rows.first().innerText()).toMatch(/Opened\s+by Ada\s+at \d\d:\d\d/);
  expect(await rows.nth(1).innerText()).toMatch(/Refused to open\s+by someone this kiosk does not know/);
  expect(await rows.last().innerText()).toContain('Enrolled');
  core.answer('readLockRecord', () => ok({ events: [] }));
  await button('Read it from the lock').click();
  await says('The lock has nothing on record.');
});

it('a lock that is ordered back is given back after being asked once more', async ({
  core,
  page,
  openDetails,
  sheet,
  button,
  says,
}) => {
  await openDetails(true);
  // Nobody looks for it in the details who is not told of it on the Counter.
  await page.locator('main li', { hasText: name }).getByText('To be removed').waitFor();
  await says('The back office wants this lock removed');
  await button('Remove from this store').click();
  // What cannot be undone does not look like opening.
  await button('Yes, remove it').waitFor();
  const ground = (words: string): Promise<unknown> =>
    page.evaluate(
      `[...document.querySelectorAll('dialog button')]
        .filter((each) => each.textContent.trim() === ${JSON.stringify(words)})
        .map((each) => getComputedStyle(each).backgroundColor).join()`,
    );
  expect(await ground('Open')).toMatch(/^(rgb|oklab|color)/);
  expect(await ground('Yes, remove it')).not.toBe(await ground('Open'));
  await says(/Remove this lock from the store now\?/);
  await button('Cancel').click();
  core.answer('releaseLock', () => fail('lock.outcome_unknown', { serialNumber }));
  await button('Remove from this store').click();
  await button('Yes, remove it').click();
  await says('Not known whether the lock acted.');
  core.answer('releaseLock', () => ok(null));
  await button('Remove from this store').click();
  await button('Yes, remove it').click();
  await says('You can take it off.');
  const done = sheet.getByRole('heading', { name: 'Removed' });
  expect(await done.locator('svg').count()).toBe(1);
  // It is new: nothing of it opens, names or replaces it any more.
  await expect.poll(() => sheet.getByRole('button').allInnerTexts(), { timeout: 10_000 }).toEqual(['']);
  expect(await sheet.getByText('The back office wants this lock removed').count()).toBe(0);
  expect(core.seen.filter((call) => call.name === 'releaseLock').map(({ input }) => input)).toEqual([
    { serialNumber },
    { serialNumber },
  ]);
});
