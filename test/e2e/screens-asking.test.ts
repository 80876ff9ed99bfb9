/** What is asked before a lock opens that wants more than a tap: a reason, and its number. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { leadsPageTest } from './leads-page.ts';
import { heading, tapFirst } from './screens-common.ts';
import { delay, opens, reasonOnly, runs, showFirst, withNumber } from './screens-rights.ts';

const serialNumber = scene.serialOf(1);

const it = leadsPageTest()
  .extend(
    'needs',
    ({ core }) =>
      (one: LockTile['needs']) =>
        showFirst(core, { needs: one }),
  )
  .extend('open', ({ sheet }) => sheet.getByRole('button', { name: 'Open', exact: true }));

describe('a reason', () => {
  it('is one tap after the tap on the tile, in its sheet, and a lock that asks for none opens with one', async ({
    page,
    inputsOf,
    sheet,
    button,
    needs,
  }) => {
    await needs(reasonOnly);
    await page.getByRole('button', { name: /^Open Spirits cabinet 1.*A reason is asked for/ }).click();
    await heading(page, 'Why is it opened?');
    expect(inputsOf('unlock')).toEqual([]);
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await button('Restocking').click();
    await sheet.getByText('Open', { exact: true }).waitFor();
    expect(inputsOf('unlock')).toEqual([{ serialNumber, asked: { reason: { code: 'restock' } } }]);
    await button('Done').click();
    await page.getByRole('button', { name: /^Open Spirits cabinet 2/ }).click();
    await expect.poll(() => inputsOf('unlock')).toHaveLength(2);
    expect(inputsOf('unlock')[1]).toEqual({ serialNumber: scene.serialOf(2) });
  });

  it('is left with “Leave locked”, which opens nothing', async ({ page, inputsOf, sheet, button, needs }) => {
    await needs(reasonOnly);
    await tapFirst(page);
    await button('Leave locked').click();
    await sheet.waitFor({ state: 'detached' });
    expect(inputsOf('unlock')).toEqual([]);
  });

  it('of which the kiosk does not know any more is asked for once more, among those of now', async ({
    core,
    page,
    sheet,
    button,
    needs,
  }) => {
    await needs(reasonOnly);
    core.answer('unlock', () => {
      const choices = [{ code: 'audit', name: 'Stock count' }];
      void needs({ secondPerson: false, reasons: { choices } });
      return fail('rights.reason_unknown');
    });
    await tapFirst(page);
    await button('Restocking').click();
    await page.getByText('That reason is not among the choices.').waitFor();
    opens(core);
    await button('Stock count').click();
    await sheet.getByText('Open', { exact: true }).waitFor();
  });
});

describe('the number of a reason', () => {
  const test = it.extend(
    'opened',
    ({ inputsOf }) =>
      (number: string) =>
        expect
          .poll(() => inputsOf('unlock'))
          .toEqual([{ serialNumber, asked: { reason: { code: 'return', number } } }]),
  );
  test.beforeEach(async ({ page, button, needs }) => {
    await needs(withNumber);
    await tapFirst(page);
    await button('Return').click();
    await page.getByLabel('Receipt number').waitFor();
  });

  test('is typed with a finger', async ({ button, open, opened }) => {
    expect(await open.isDisabled()).toBe(true);
    for (const digit of '471') await button(digit).click();
    await open.click();
    await opened('471');
  });

  test('is typed on a keyboard, and Enter opens; without one Enter opens nothing', async ({
    page,
    inputsOf,
    type,
    opened,
  }) => {
    await page.keyboard.press('Enter');
    await type('R-4712');
    await page.keyboard.press('Backspace');
    expect(inputsOf('unlock')).toEqual([]);
    await page.keyboard.press('Enter');
    await opened('R-471');
  });

  test('is scanned, and a lock’s label is not taken for it', async ({ page, inputsOf, sheet, opened }) => {
    await scan(page, scene.serialOf(2));
    await sheet.getByText('That is the label of Spirits cabinet 2.').waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    await scan(page, '2026030400017');
    await opened('2026030400017');
  });

  test('goes with another reason where one goes back', async ({ page, button, type }) => {
    await type('471');
    await button('Another reason').click();
    await button('Price check').click();
    await page.getByLabel('Receipt number').waitFor();
    expect(await page.getByLabel('Receipt number').inputValue()).toBe('');
  });
});

describe('a delay', () => {
  const test = it.extend(
    'startOf',
    ({ core }) =>
      (wait: LockTile['wait']) =>
        showFirst(core, { needs: delay, ...(wait && { wait }) }),
  );

  test('is asked for in the lock’s sheet, runs there and in its tile, and is called off by anybody', async ({
    core,
    page,
    inputsOf,
    button,
    startOf,
  }) => {
    await startOf(undefined);
    core.answer('askOpening', () => {
      void startOf(runs);
      return ok(null);
    });
    core.answer('callOffOpening', () => {
      void startOf(undefined);
      return ok(null);
    });
    await page.getByRole('button', { name: /^Open Spirits cabinet 1.*opens 5 minutes after/ }).click();
    await heading(page, 'It opens 5 minutes after it is asked for.');
    await button('Ask for it now').click();
    await page.getByText('Maya Lindqvist has asked for it.').waitFor();
    expect(inputsOf('askOpening')).toEqual([{ serialNumbers: [serialNumber] }]);
    await button('Close').last().click();
    await page.getByText(/^opens in 2:[34]\d$/).waitFor();
    await tapFirst(page);
    await button('Call it off').click();
    await button('Ask for it now').waitFor();
    expect(inputsOf('callOffOpening')).toEqual([{ serialNumbers: [serialNumber] }]);
    expect(inputsOf('unlock')).toEqual([]);
  });

  test('that is over leads on to what else is asked for; with nothing else, one tap opens it', async ({
    core,
    page,
    inputsOf,
    button,
  }) => {
    await showFirst(core, { needs: { ...delay, ...reasonOnly }, wait: runs });
    await tapFirst(page);
    await page.getByText('Maya Lindqvist has asked for it.').waitFor();
    const over = { ...runs, opensAt: scene.sceneNow - 1_000, over: true };
    await showFirst(core, { needs: reasonOnly, wait: over });
    await heading(page, 'Why is it opened?');
    await button('Leave locked').click();
    await showFirst(core, { needs: null, wait: over });
    await page.getByText(/^opens until /).waitFor();
    opens(core);
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).click();
    await expect.poll(() => inputsOf('unlock')).toEqual([{ serialNumber }]);
  });
});
