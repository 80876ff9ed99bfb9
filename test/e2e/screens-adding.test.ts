/** Adding locks: names that go on from the first, a name that is taken, and how many rows a person sees at once. */
import { expect } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import * as scene from '#support/store-scene.ts';
import { addingTest as it, count } from './adding-page.ts';

it('“Hook 1” offers Hook 2 to the last for the rest, and Enter takes it', async ({
  page,
  names,
  toNaming,
  named,
}) => {
  await toNaming();
  await names.first().fill('Hook 1');
  await page.getByRole('button', { name: `Name the rest Hook 2 … Hook ${count}` }).waitFor();
  await names.first().press('Enter');
  expect(await named()).toEqual(Array.from({ length: count }, (_, at) => `Hook ${at + 1}`));
  expect(await page.getByRole('button', { name: /^Name the rest/ }).count()).toBe(0);
  // What was accepted is kept as what was typed is.
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  expect((await named()).at(-1)).toBe(`Hook ${count}`);
});

it('says of each name that another lock of the group has it', async ({ page, names, toNaming }) => {
  await toNaming();
  await page.getByRole('textbox', { name: 'Group', exact: true }).fill('Spirits');
  await names.nth(1).fill('Spirits cabinet 1');
  await page.getByText('Another lock of this group is called “Spirits cabinet 1”, too.').waitFor();
  await names.nth(1).fill('Spirits cabinet 9');
  await names.nth(2).fill('Spirits cabinet 9');
  await expect.poll(() => page.getByText('is called “Spirits cabinet 9”, too.').count()).toBe(2);
});

it('takes the group of all for each lock that has none of its own, and keeps both through Back', async ({
  core,
  page,
  toNaming,
}) => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
  const groupOf = (n: number) => page.getByLabel(/^Group of lock/).nth(n);
  await toNaming();
  await groupOf(1).fill('Perfume');
  await page.getByRole('textbox', { name: 'Group', exact: true }).fill('Spirits');
  expect([await groupOf(0).inputValue(), await groupOf(1).inputValue()]).toEqual(['Spirits', 'Perfume']);
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText('nothing more to do here').waitFor();
  const sent = core.seen.flatMap(({ name, input }) => (name === 'captureEnrolment' ? [input] : []));
  expect(sent).toHaveLength(count);
  expect(sent.slice(0, 3)).toMatchObject([{ group: 'Spirits' }, { group: 'Perfume' }, { group: 'Spirits' }]);
});

it('counts while it adds, and can be stopped: the lock that is read is added, the rest wait for another time', async ({
  core,
  page,
  toNaming,
}) => {
  const read: (() => void)[] = [];
  core.answer('captureEnrolment', async () => {
    await new Promise<void>((resolve) => read.push(resolve));
    return ok({ enrolmentId: scene.idOf(500) });
  });
  await toNaming();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  for (let done = 0; done < 3; done += 1) {
    await page.getByText(`${done} of ${count} added so far`).waitFor();
    await expect.poll(() => read.length).toBe(done + 1);
    if (done < 2) read[done]?.();
  }
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  read[2]?.();
  await page.getByRole('button', { name: `Add ${count - 3} locks` }).waitFor();
  expect(await page.getByText('waiting for its turn').count()).toBe(0);
  expect(read).toHaveLength(3);
  await page.getByRole('button', { name: `Add ${count - 3} locks` }).click();
  await page.getByText(`3 of ${count} added so far`).waitFor();
  await expect.poll(() => read.length).toBe(4);
});

it('those that could not be added stay said to be, though adding them again is stopped before their turn', async ({
  core,
  page,
  toNaming,
}) => {
  const refused = fail('lock.not_near', { serialNumber: scene.serialOf(0x200) });
  let answer = Promise.resolve<Result<{ enrolmentId: string }>>(refused);
  core.answer('captureEnrolment', () => answer);
  await toNaming();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText(`${count} locks were not added.`).waitFor();
  const { promise, resolve } = Promise.withResolvers<typeof refused>();
  answer = promise;
  await page.getByRole('button', { name: `Try these ${count} locks again` }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  resolve(refused);
  await page.getByRole('button', { name: /^(Add|Try)/ }).waitFor();
  await page.getByText(`${count} locks were not added.`).waitFor();
});

it('offers every group that there is', async ({ core, page, toNaming }) => {
  const groups = Array.from({ length: 14 }, (_, at) => `Wall ${at + 1}`);
  await core.show('enrolments', { ...scene.enrolments(), groups });
  await toNaming();
  const offered = page.getByRole('group', { name: 'Group' }).getByRole('button');
  await expect.poll(() => offered.allTextContents()).toHaveLength(groups.length);
  await offered.last().click();
  expect(await page.getByRole('textbox', { name: 'Group', exact: true }).inputValue()).toBe('Wall 14');
});

it('shows at least ten rows to name at 1280 × 800', async ({ page, names, toNaming }) => {
  await toNaming();
  const foot = await page.locator('.foot').boundingBox();
  const boxes = await Promise.all((await names.all()).map((one) => one.boundingBox()));
  const whole = boxes.filter((box) => box && box.y + box.height <= (foot?.y ?? 0)).length;
  expect(whole).toBeGreaterThanOrEqual(10);
});

it('a lock of another store is a matter for Health, not for the Counter', async ({ core, page }) => {
  await core.show('locks', {
    locks: scene.locks(),
    foreign: [{ serialNumber: scene.serialOf(255), proximity: 'far' }],
  });
  await page.getByRole('button', { name: /^Open Spirits cabinet 1/ }).waitFor();
  const words = page.getByText('One lock of another store is in range.');
  expect(await words.count()).toBe(0);
  await page.getByRole('button', { name: /^Ready/ }).click();
  await words.waitFor();
  // A kiosk without a store knows of no lock whose it is.
  await core.show('kiosk', scene.kiosk({ phase: 'unregistered', storeName: null, staff: [] }));
  await page.getByRole('button', { name: /^Not set up/ }).click();
  await page.getByRole('heading', { name: 'Health' }).waitFor();
  expect(await words.count()).toBe(0);
});
