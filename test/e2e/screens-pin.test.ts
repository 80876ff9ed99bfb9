/** Signing in: a name is found by what is in it, and a PIN is told and refused for who looks, who listens and who hears the page. */
import { expect } from 'vitest';
import { z } from 'zod';
import { fail } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { listenToTones } from '#support/tones.ts';

const pair = z.tuple([z.string(), z.string()]);

const it = kioskPageTest((kiosk) => kiosk.show('kiosk', scene.kiosk()))
  .extend('notes', { auto: true }, async ({ core, page }) => {
    core.answer('signIn', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    const notes = await listenToTones(page);
    return notes;
  })
  .extend(
    'choose',
    ({ page }) =>
      () =>
        page.getByRole('button', { name: /^Maya L\./ }).click(),
  )
  .extend(
    'said',
    ({ page }) =>
      (words: string) =>
        page.getByRole('status').filter({ hasText: words }),
  )
  .extend(
    'line',
    ({ page }) =>
      (): Promise<unknown> =>
        page.evaluate(`(() => {
    const { borderBottomColor, borderBottomStyle } = getComputedStyle(document.querySelector('[role=img][aria-label$=entered]'));
    return [borderBottomColor, borderBottomStyle];
  })()`),
  );

it('each digit is told to who hears the page', async ({ page, choose, said }) => {
  await choose();
  await page.keyboard.type('13');
  await said('2 digits entered').waitFor();
  await page.keyboard.press('Backspace');
  await said('One digit entered').waitFor();
});

it('whoever types a PIN is there: the kiosk is told that, and nothing of the digits', async ({
  page,
  choose,
  inputsOf,
}) => {
  await choose();
  await expect
    .poll(async () => {
      await page.keyboard.press('7');
      await page.keyboard.press('Backspace');
      return inputsOf('touch').length;
    })
    .toBeGreaterThan(1);
  expect(new Set(inputsOf('touch'))).toEqual(new Set([null]));
});

it('as many dots stand there as digits were typed, and none before: nothing tells how long a PIN is', async ({
  page,
  choose,
}) => {
  await choose();
  const dots = page.getByRole('img', { name: /entered$/ }).locator('span');
  expect(await dots.count()).toBe(0);
  const line = await page.getByRole('img', { name: /entered$/ }).boundingBox();
  for (const [at, digit] of ['1', '3', '5', '7', '9', '3', '5'].entries()) {
    await page.getByRole('button', { name: digit, exact: true }).click();
    await expect.poll(() => dots.count()).toBe(at + 1);
  }
  expect(await page.getByRole('img', { name: /entered$/ }).boundingBox()).toEqual(line);
});

it('a wrong PIN has a shape, a colour and a tone of its own, until the next digit', async ({
  page,
  notes,
  choose,
  said,
  line,
}) => {
  await choose();
  const before = await line();
  await page.keyboard.type('1357');
  await page.keyboard.press('Enter');
  await said('That PIN does not match.').waitFor();
  const [[colour, style], [wrongColour, wrongStyle]] = z.tuple([pair, pair]).parse([before, await line()]);
  expect(wrongColour).not.toBe(colour);
  expect(wrongStyle).not.toBe(style);
  expect(await said('That PIN does not match.').locator('svg').count()).toBe(1);
  expect(await notes()).toEqual([330, 220]);
  await page.keyboard.type('2');
  await said('One digit entered').waitFor();
  await page.keyboard.press('Backspace');
  await expect.poll(line).toEqual(before);
});

it.for([
  ["o'neill", 'Conor O’Neill'],
  ['anne-m', 'Anne-Marie Duval'],
  ['ana 2', 'Ana 2'],
] as const)('“%s”, typed on a keyboard, finds its person', async ([typed, name], { core, page }) => {
  const person = (at: number, who: string) => ({
    staffId: scene.idOf(900 + at),
    name: who,
    lockedUntil: null,
  });
  const staff = ['Conor O’Neill', 'Anne-Marie Duval', 'Ana 2', 'Ana Lima'].map((who, at) => person(at, who));
  await core.show('kiosk', scene.kiosk({ staff }));
  const people = page.locator('section li');
  await expect.poll(() => people.count()).toBe(staff.length);
  // One after the other, as a person does: faster it would be a scanner.
  await page.keyboard.type(typed, { delay: 90 });
  await expect.poll(() => people.count()).toBe(1);
  await page.keyboard.press('Enter');
  await page.getByText('Enter your PIN').waitFor();
  expect(await page.getByText(name.split(' ')[0] ?? '').count()).toBeGreaterThan(0);
});
