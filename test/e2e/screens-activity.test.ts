/** What people do with the journal: look for something with a finger, a scanner and the keyboard, and take a copy of it away. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { openActivity, showActivity } from './screens-activity.ts';
import { inRole } from './screens-rights.ts';

const it = kioskPageTest(async (to) => {
  showActivity(to);
  await to.show('locks', { locks: scene.locks(), foreign: [] });
})
  .extend(
    'asked',
    ({ core }) =>
      () =>
        core.seen.filter(({ name }) => name === 'readActivity').map(({ input }) => input),
  )
  .extend(
    'button',
    ({ page }) =>
      (name: string | RegExp) =>
        page.getByRole('button', { name }),
  );

it('is not there for who may not read it', async ({ core, page, button }) => {
  await core.show('kiosk', inRole('associate'));
  await page.getByText('Associate').waitFor();
  expect(await button('Activity').count()).toBe(0);
});

it('is narrowed by a chip, a list, a bar of the chart and the scan of a label, and read on to its end', async ({
  page,
  asked,
  button,
}) => {
  await openActivity(page);
  await button(/^Refused$/).click();
  await page.getByLabel('Person', { exact: true }).selectOption({ label: 'Tom Okafor' });
  await button(/^14:00: /).click();
  await scan(page, scene.serialOf(2));
  await page.getByText('Shown: Spirits cabinet 2.').waitFor();
  const filter = {
    outcome: 'refused',
    staffId: scene.idOf(2),
    day: '2026-03-04',
    hour: 14,
    serialNumber: scene.serialOf(2),
  };
  await expect.poll(() => asked().at(-1)).toEqual({ filter, before: null });
  await button('Show everything').click();
  await expect.poll(() => asked().at(-1)).toEqual({ filter: {}, before: null });
  await button('Show more').click();
  await expect.poll(() => asked().at(-1)).toEqual({ filter: {}, before: 1232 });
});

it('is walked along the chart with the arrow keys', async ({ page, asked, button }) => {
  await openActivity(page);
  await button(/^08:00: /).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(() => asked().at(-1)).toMatchObject({ filter: { hour: 9 } });
});

it('is taken away as a file, put together of its parts, by whoever gives their PIN again', async ({
  core,
  page,
  button,
}) => {
  core.answer('beginExport', () =>
    ok({
      exportId: scene.idOf(700),
      fileName: 'latchpoint-journal-2026-03-04-091500.csv',
      parts: 2,
      events: 9,
    }),
  );
  core.answer('exportPart', ({ part }) => ok({ text: part === 0 ? '\ufeffcolumn\r\n' : 'cell\r\n' }));
  await openActivity(page);
  await button(/^Refused$/).click();
  await button('Take a copy').click();
  await page.getByText('or hold your badge to the reader').waitFor();
  await page.keyboard.type('4711', { delay: 90 });
  const [download] = await Promise.all([page.waitForEvent('download'), button(/^Take it$/).click()]);
  expect(download.suggestedFilename()).toBe('latchpoint-journal-2026-03-04-091500.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('\ufeffcolumn\r\ncell\r\n');
  await page.getByText('9 events were handed over as latchpoint-journal-2026-03-04-091500.csv.').waitFor();
  expect(core.seen.find(({ name }) => name === 'beginExport')?.input).toEqual({
    filter: { outcome: 'refused' },
    format: 'csv',
    proof: { pin: '4711' },
  });
});
