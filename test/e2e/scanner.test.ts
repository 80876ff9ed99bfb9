/** A scanner that types like a keyboard, at every screen: its labels are understood, and reach nothing else. */
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { presentBadge } from '#support/badge-reader.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import { scan as scanner } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { listenToTones } from '#support/tones.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
  await kiosk.show('enrolments', scene.enrolments());
})
  .extend(
    'scan',
    ({ page }) =>
      (text: string, suffix: 'Enter' | 'Tab' = 'Enter') =>
        scanner(page, text, suffix),
  )
  .extend(
    'said',
    ({ page }) =>
      (text: string | RegExp) =>
        page.getByRole('status').filter({ hasText: text }).first().waitFor(),
  )
  .extend('newLocks', ({ page }) => async (): Promise<void> => {
    await page.getByRole('button', { name: '2 new locks' }).click();
    await page.getByRole('heading', { name: 'New locks' }).waitFor();
  });

describe('signing in', () => {
  it('a label chooses nobody and is no PIN, and the next person’s PIN is whole', async ({
    core,
    page,
    scan,
    inputsOf,
    said,
  }) => {
    await core.show('kiosk', scene.kiosk());
    core.answer('signIn', () => ok(null));
    await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
    await scan('0000051a00000101');
    await said('Sign in first, then scan it.');
    expect(await page.getByRole('heading', { name: 'Choose your name' }).count()).toBe(1);
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await page.getByText('Enter your PIN').waitFor();
    for (const label of ['0000051a00000101', '4006381333931']) await scan(label);
    await said('barcode of a product');
    await page.getByRole('img', { name: 'No digits entered' }).waitFor();
    expect(inputsOf('signIn')).toEqual([]);
    await page.keyboard.type('246813', { delay: 70 });
    await page.keyboard.press('Enter');
    await expect.poll(() => inputsOf('signIn')).toEqual([{ staffId: scene.idOf(1), pin: '246813' }]);
  });

  it('a finger on the screen while the scanner types puts no digit into the PIN', async ({
    core,
    page,
    scan,
    said,
  }) => {
    await core.show('kiosk', scene.kiosk());
    await page.getByRole('button', { name: /^Maya L\./ }).click();
    await page.getByText('Enter your PIN').waitFor();
    for (const at of [4, 8, 12]) {
      await page.evaluate(`window.addEventListener('keydown', (event) => {
        let seen = 0;
        const count = () => (seen += 1) === ${at} && document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
        window.addEventListener('keyup', count);
        setTimeout(() => window.removeEventListener('keyup', count), 50);
      }, { once: true })`);
      await scan(scene.serialOf(at));
      await said('Sign in first, then scan it.');
      await page.waitForTimeout(400);
      await page.getByRole('img', { name: 'No digits entered' }).waitFor();
    }
  });

  it.for([
    ['French', Array.from('à&é"\'(-è_ç')],
    ['Czech', Array.from('é+ěščřžýáí')],
    ['Arabic', Array.from('٠١٢٣٤٥٦٧٨٩')],
  ] as const)(
    'takes a PIN that is typed on a %s keyboard',
    async ([_layout, row], { core, page, inputsOf }) => {
      await core.show('kiosk', scene.kiosk());
      core.answer('signIn', () => ok(null));
      await page.getByRole('button', { name: /^Maya L\./ }).click();
      await page.getByText('Enter your PIN').waitFor();
      for (const digit of '246813') {
        await page.evaluate(
          `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({
            key: row[Number(digit)],
            code: `Digit${digit}`,
            bubbles: true,
            cancelable: true,
          })}))`,
        );
        await page.waitForTimeout(60);
      }
      await page.getByRole('img', { name: '6 digits entered' }).waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(() => inputsOf('signIn')).toEqual([{ staffId: scene.idOf(1), pin: '246813' }]);
    },
  );
});

describe('on the Counter', () => {
  it('a label replaces what was being looked for', async ({ page, scan, inputsOf, said }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    await page.keyboard.type('05', { delay: 80 });
    await scan(`]C1${scene.serialOf(25)}`);
    await page.getByRole('button', { name: /^Stockroom cage 6/ }).waitFor();
    await said('Stockroom cage 6 is shown.');
    expect(await page.getByRole('textbox').inputValue()).toBe(scene.serialOf(25));
    await scan(`https://locks.example/${scene.serialOf(8).toUpperCase()}`, 'Tab');
    await page.getByRole('button', { name: /^Open Game consoles/ }).waitFor();
    expect(inputsOf('unlock')).toEqual([]);
  });

  it('a new lock’s label leads to enrolling it; an unknown one is said to be', async ({
    page,
    scan,
    said,
  }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    await scan('0000051aeeeeeeee');
    await said('No lock of this store has 0000 051a eeee eeee.');
    await scan(scene.serialOf(0xa1));
    await said('is a new lock.');
    await page.getByRole('button', { name: 'Enrol it' }).click();
    await page.getByRole('heading', { name: 'Enrol a new lock' }).waitFor();
  });

  it('a label that is understood has another tone than one that is not', async ({ page, scan, said }) => {
    await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
    const notes = await listenToTones(page);
    await scan(scene.serialOf(25));
    await said('Stockroom cage 6 is shown.');
    await scan('0000051aeeeeeeee');
    await said('No lock of this store has');
    const [understood = 0, other = 0, ...more] = await notes();
    expect(understood).toBeGreaterThan(other);
    expect(more).toEqual([]);
  });

  it('a label presses no button that has the focus', async ({ page, scan, inputsOf, said }) => {
    const tile = page.getByRole('button', { name: /^Open Spirits cabinet 1/ });
    await tile.focus();
    await scan(scene.serialOf(25));
    await said('Stockroom cage 6 is shown.');
    expect(inputsOf('unlock')).toEqual([]);
  });
});

describe('under New locks', () => {
  it('one bad scan costs no other, and says what was wrong with it', async ({
    page,
    scan,
    said,
    newLocks,
  }) => {
    await newLocks();
    await scan('0000051a000000a');
    await said('15 characters were read; a lock’s label has 16.');
    await scan('4006381333931');
    await said('barcode of a product');
    await scan(`(21)${scene.serialOf(0xa1)}`);
    await said('0000 051a 0000 00a1 is ticked. One lock chosen.');
    await scan(`SN:${scene.serialOf(0xa2)}`);
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).waitFor();
  });

  it('knows a lock that hangs here already, and keeps one that is not heard yet', async ({
    core,
    page,
    scan,
    said,
    newLocks,
  }) => {
    await newLocks();
    await scan(scene.serialOf(1));
    await said('That is Spirits cabinet 1, which is in this store already.');
    await scan(scene.serialOf(0xa4));
    await said('It is kept, and ticked when it is heard.');
    // One that is heard, and is another store's, is not out of range.
    await core.show('locks', {
      locks: scene.locks(),
      spares: [scene.tile(70, 'Spare', '', 'here')],
      foreign: [{ serialNumber: scene.serialOf(0xb1), proximity: 'far' }],
    });
    await scan(scene.serialOf(0xb1));
    await said('0000 051a 0000 00b1 is another store’s, or was not removed there.');
    // A spare has hung here before.
    await scan(scene.serialOf(70));
    await said('That is Spare, which is in this store already.');
    const heard = scene.newLocks();
    await core.show('newLocks', {
      locks: [
        ...heard.locks,
        { serialNumber: scene.serialOf(0xa4), proximity: 'near', battery: 90, enrolment: null },
      ],
    });
    await page.getByRole('button', { name: 'Enrol this lock' }).waitFor();
  });

  it('a label that is scanned while names are typed leads to its row, and into no name', async ({
    page,
    scan,
    said,
    newLocks,
  }) => {
    await newLocks();
    for (const n of [0xa2, 0xa1]) {
      await scan(scene.serialOf(n));
      await said(/is ticked/);
    }
    await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
    const names = page.getByLabel(/^Name of lock/);
    // In the order in which they were scanned.
    await page.getByLabel('Name of lock 0000 051a 0000 00a2').waitFor();
    expect(await names.first().getAttribute('aria-label')).toBe('Name of lock 0000 051a 0000 00a2');
    await names.first().fill('Top shelf');
    await names.first().focus();
    // Real keys, which do reach the field at first.
    await presentBadge(await page.context().newCDPSession(page), scene.serialOf(0xa1));
    await said('is in row 2.');
    expect(await names.first().inputValue()).toBe('Top shelf');
    await expect
      .poll(() => page.evaluate("document.activeElement.getAttribute('aria-label')"))
      .toBe('Name of lock 0000 051a 0000 00a1');
  });
});
