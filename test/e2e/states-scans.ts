/** What is answered to scans: for the list of states. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { heading, press, said, type Screen } from './screens-common.ts';

const { serialOf } = scene;

/** Each scan, and the words that answer it. */
const scans = (by: Readonly<Record<string, readonly [string, string | RegExp]>>): Screen['states'] =>
  Object.fromEntries(
    Object.entries(by).map(([name, [read, words]]) => [
      name,
      async (page: Page) => {
        await scan(page, read);
        await said(page, words);
      },
    ]),
  );

export const scanStates: readonly Screen[] = [
  {
    name: 'scans-signed-out',
    prepare: async (core) => {
      await core.show('kiosk', scene.kiosk());
      core.answer('signInByBadge', () => fail('badge.unknown'));
    },
    reach: async (page) => {
      await heading(page, 'Choose your name');
      await scan(page, serialOf(1));
      await said(page, 'That is the label of a lock.');
    },
  },
  {
    name: 'scans-in-health',
    reach: async (page) => {
      await press(page, /Ready/);
      await scan(page, serialOf(1));
      await said(page, 'A label is not needed here.');
    },
  },
  {
    name: 'scans-on-counter',
    prepare: (core) => core.answer('signInByBadge', () => fail('badge.unknown')),
    reach: (page) => page.getByLabel('Search locks').waitFor(),
    states: {
      'while a sheet is open': async (page) => {
        await press(page, 'More about Spirits cabinet 1');
        await page.getByRole('dialog').waitFor();
        await scan(page, serialOf(25));
        await page.getByText('Finish here first, then scan.').waitFor();
        await page.keyboard.press('Escape');
      },
      ...scans({
        'a lock': [serialOf(25), 'Stockroom cage 6 is shown.'],
        'a new lock': [serialOf(0xa1), 'is a new lock'],
        'an unknown lock': ['0000051aeeeeeeee', 'No lock of this store has'],
        'a product': ['4006381333931', 'barcode of a product'],
        'too short': ['0000051a000000a', '15 characters were read'],
      }),
      'another keyboard': async (page) => {
        // As no label is typed, wherever its keys are.
        await page.evaluate(otherKeyboard);
        await said(page, 'What the scanner sent is no label.');
      },
    },
  },
  {
    name: 'scans-of-new-locks',
    prepare: (core) =>
      core.show('locks', {
        locks: scene.locks(),
        foreign: [{ serialNumber: serialOf(0xb1), proximity: 'far' }],
      }),
    reach: async (page) => {
      await press(page, '2 new locks');
      await heading(page, 'New locks');
    },
    states: {
      ...scans({
        ticked: [serialOf(0xa1), 'is ticked'],
        again: [serialOf(0xa1), 'was ticked before'],
        kept: [serialOf(0xa7), 'It is kept'],
        here: [serialOf(1), 'which is in this store already'],
        'another store’s': [serialOf(0xb1), 'is another store’s'],
        'being added': [serialOf(0xa3), 'is being added already'],
      }),
      blinking: async (page, core) => {
        core.answer('identify', () => ok(null));
        await page
          .getByRole('button', { name: /^Make it blink/ })
          .first()
          .click();
        await page.getByText('It blinks and beeps now.').first().waitFor();
      },
      'to be named': async (page) => {
        await press(page, 'Tick all');
        await press(page, 'Enrol these 2 locks');
        await page
          .getByRole('button', { name: /^Blink/ })
          .first()
          .click();
        await page.getByText('Blinks now').first().waitFor();
        await page
          .getByLabel(/^Name of lock/)
          .first()
          .fill('Razor hook 20');
        await page.getByRole('button', { name: /^Name the other one/ }).waitFor();
      },
      ...scans({
        'one of the rows': [serialOf(0xa2), 'is in row'],
        'none of the rows': [serialOf(0xa9), 'is not among these'],
      }),
      'without a name': async (page) => {
        await page
          .getByLabel(/^Name of lock/)
          .first()
          .fill('');
        await page.getByText('Give every lock a name.').waitFor();
      },
    },
  },
];

/** What a Czech keyboard has where the digits are: fifteen keys of a scanner that is set to another. */
const otherKeyboard = `{
  const presses = Array.from('+ěščřžýáíé+ěščř', (key, at) => ({ key, code: 'Digit' + ((at + 1) % 10) }));
  for (const press of [...presses, { key: 'Enter', code: 'Enter' }])
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { ...press, bubbles: true, cancelable: true }));
}`;
