/** Another lock is put in the place of one, from its details; what left is a spare, at the Counter's end. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import { permissions, type Permission } from '#shared/rights/model.ts';
import * as scene from '#support/store-scene.ts';
import { layoutFaults } from './layout.ts';
import { placed, spares } from './screens-replacing.ts';
import { sheetPageTest } from './sheet-page.ts';

const it = sheetPageTest(async (kiosk) => {
  await kiosk.show('locks', { locks: placed(), spares: spares(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
  await kiosk.show('enrolments', scene.enrolments());
})
  .extend('toReplacing', ({ page, sheet, button, says }) => async (): Promise<void> => {
    await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
    await button('Replace this lock').click();
    await says(/becomes a spare and keeps its key/);
    await sheet.locator('.settled').waitFor();
  })
  .extend(
    'asked',
    ({ core }) =>
      () =>
        core.seen.filter(({ name }) => name === 'replaceLock').map(({ input }) => input),
  )
  .extend(
    'only',
    ({ core }) =>
      (...held: Permission[]) =>
        core.show(
          'kiosk',
          scene.kiosk({
            session: {
              staffId: scene.idOf(1),
              name: 'Maya Lindqvist',
              idleAt: scene.sceneNow + 600_000,
              permissions: held,
            },
          }),
        ),
  );

it.afterEach(async ({ tab, page }) => {
  expect(await tab.violations()).toEqual([]);
  expect(await layoutFaults(page)).toEqual([]);
});

it('has a spare in its place at once, and says when the other kiosks show it', async ({
  core,
  page,
  sheet,
  button,
  says,
  toReplacing,
  asked,
}) => {
  const [first, ...others] = placed();
  core.answer('replaceLock', () => {
    const taken: LockTile = { ...first!, serialNumber: scene.serialOf(70) };
    const left = scene.tile(1, first!.serialNumber, 'Spirits', 'here');
    void core.show('locks', { locks: [taken, ...others], spares: [left], foreign: [] });
    return ok({ done: true });
  });
  await toReplacing();
  expect(await button('Replace').isDisabled()).toBe(true);
  await button(/…0046/).click();
  await button('Replace with …0046').click();
  await says('“Spirits cabinet 1” is lock …0046 now. The other kiosks show it within moments.');
  await sheet.getByRole('heading', { name: 'Spirits cabinet 1' }).waitFor();
  expect(asked()).toEqual([{ serialNumber: scene.serialOf(1), by: scene.serialOf(70) }]);
  await button('Close').last().click();
  await page.getByRole('button', { name: '1 spare lock' }).click();
  await page.getByRole('button', { name: 'More about Spare …0001' }).waitFor();
});

it('waits for a new lock to be ready, and says so in its details', async ({
  core,
  page,
  button,
  says,
  toReplacing,
}) => {
  core.answer('replaceLock', ({ serialNumber, by }) => {
    const { enrolments, groups } = scene.enrolments();
    const coming = {
      ...enrolments[0]!,
      enrolmentId: scene.idOf(99),
      serialNumber: by,
      replaces: serialNumber,
    };
    void core.show('enrolments', { enrolments: [{ ...coming, state: 'captured' }, ...enrolments], groups });
    return ok({ done: false });
  });
  await toReplacing();
  await button(/New: it is added first/)
    .first()
    .click();
  await button(/^Replace with/).click();
  await says(/is being added. It takes this place as soon as it is ready/);
  await button('Close').last().click();
  await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
  await says(/is being added. It takes this place as soon as it is ready/);
  expect(await button('Replace this lock').count()).toBe(0);
});

it('is said to be done once a new lock is ready, while its sheet still stands there', async ({
  core,
  button,
  says,
  toReplacing,
}) => {
  let by = '';
  core.answer('replaceLock', (asked) => {
    ({ by } = asked);
    return ok({ done: false });
  });
  await toReplacing();
  await button(/New: it is added first/)
    .first()
    .click();
  await button(/^Replace with/).click();
  await says(/is being added. It takes this place as soon as it is ready/);
  const [first, ...others] = placed();
  const left = scene.tile(1, first!.serialNumber, 'Spirits', 'here');
  await core.show('locks', {
    locks: [{ ...first!, serialNumber: by }, ...others],
    spares: [left],
    foreign: [],
  });
  await says(/^“Spirits cabinet 1” is lock .* now/);
});

it('says why nothing was done, and leaves the choice to be made anew', async ({
  core,
  page,
  button,
  says,
  toReplacing,
}) => {
  core.answer('replaceLock', ({ by }) => fail('lock.in_a_place', { serialNumber: by }));
  await toReplacing();
  await button(/…0046/).click();
  await button('Replace with …0046').click();
  await says('That lock is in use in a place of its own.');
  await page.keyboard.press('Escape');
  await button('Replace this lock').waitFor();
});

it('offers no new lock to who may add none, and says what to do where there is nothing', async ({
  core,
  button,
  says,
  toReplacing,
  only,
}) => {
  await only('open', 'identify', 'replace');
  await toReplacing();
  expect(await button(/New: it is added first/).count()).toBe(0);
  await core.show('locks', { locks: placed(), foreign: [] });
  await says(/Bring the new lock near this computer/);
});

it('is there for nobody who may not replace, and nowhere that knows no places', async ({
  core,
  page,
  button,
  only,
}) => {
  await only(...permissions.filter((one) => one !== 'replace'));
  await page.getByRole('button', { name: 'More about Spirits cabinet 1' }).click();
  await button('Rename or regroup').waitFor();
  expect(await button('Replace this lock').count()).toBe(0);
  await only(...permissions);
  await core.show('locks', { locks: scene.locks(), foreign: [] });
  await button('Rename or regroup').waitFor();
  expect(await button('Replace this lock').count()).toBe(0);
});

it('asks for the name of a spare, which has none', async ({ page, sheet, button }) => {
  await page.getByRole('button', { name: '2 spare locks' }).click();
  await page.getByRole('button', { name: 'More about Spare …0046' }).click();
  await button('Rename or regroup').click();
  expect(await sheet.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('');
  expect(await button('Save').isDisabled()).toBe(true);
});
