/** Adding locks: names that go on from the first, a name that is taken, and how many rows a person sees at once. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-common.ts';

let core: FakeCore;
let page: Page;
const count = 20;
useKioskPage(
  async (kiosk) => {
    await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
    await kiosk.show('enrolments', scene.enrolments());
    await kiosk.show('newLocks', {
      locks: Array.from({ length: count }, (_, at) => ({
        serialNumber: scene.serialOf(0x200 + at),
        proximity: 'here' as const,
        battery: 100,
        enrolment: null,
      })),
    });
  },
  (to) => ({ core, page } = to),
);

const names = () => page.getByLabel(/^Name of lock/);
const toNaming = async (): Promise<void> => {
  await page.getByRole('button', { name: `${count} new locks` }).click();
  await page.getByRole('button', { name: 'Tick all' }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  await names().first().waitFor();
};
const named = async (): Promise<string[]> =>
  Promise.all((await names().all()).map((name) => name.inputValue()));

it('“Hook 1” offers Hook 2 to the last for the rest, and Enter takes it', async () => {
  await toNaming();
  await names().first().fill('Hook 1');
  await page.getByRole('button', { name: `Name the rest Hook 2 … Hook ${count}` }).waitFor();
  await names().first().press('Enter');
  expect(await named()).toEqual(Array.from({ length: count }, (_, at) => `Hook ${at + 1}`));
  expect(await page.getByRole('button', { name: /^Name the rest/ }).count()).toBe(0);
  // What was accepted is kept as what was typed is.
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.getByRole('button', { name: `Enrol these ${count} locks` }).click();
  expect((await named()).at(-1)).toBe(`Hook ${count}`);
});

it('says of each name that another lock of the group has it', async () => {
  await toNaming();
  await page.getByRole('textbox', { name: 'Group', exact: true }).fill('Spirits');
  await names().nth(1).fill('Spirits cabinet 1');
  await page.getByText('Another lock of this group is called “Spirits cabinet 1”, too.').waitFor();
  await names().nth(1).fill('Spirits cabinet 9');
  await names().nth(2).fill('Spirits cabinet 9');
  await expect.poll(() => page.getByText('is called “Spirits cabinet 9”, too.').count()).toBe(2);
});

it('takes the group of all for each lock that has none of its own, and keeps both through Back', async () => {
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

it('counts while it adds, and can be stopped: the lock that is read is added, the rest wait for another time', async () => {
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

it('those that could not be added stay said to be, though adding them again is stopped before their turn', async () => {
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

it('offers every group that there is', async () => {
  const groups = Array.from({ length: 14 }, (_, at) => `Wall ${at + 1}`);
  await core.show('enrolments', { ...scene.enrolments(), groups });
  await toNaming();
  const offered = page.getByRole('group', { name: 'Group' }).getByRole('button');
  await expect.poll(() => offered.allTextContents()).toHaveLength(groups.length);
  await offered.last().click();
  expect(await page.getByRole('textbox', { name: 'Group', exact: true }).inputValue()).toBe('Wall 14');
});

it('says how far each lock is: adding, waiting for its key, ready', async () => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
  await toNaming();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText('nothing more to do here').waitFor();
  const first = page.locator('main .lock').first();
  for (const [state, words] of [
    ['captured', 'Adding'],
    ['submitted', 'Waiting for its key'],
    ['registered', 'Adding'],
    ['provisioned', 'Ready'],
  ] as const) {
    const { groups, enrolments } = scene.enrolments();
    const [one] = enrolments;
    if (!one) throw new Error('an empty queue');
    const mine = { ...one, serialNumber: scene.serialOf(0x200), state };
    await core.show('enrolments', { groups, enrolments: [mine, ...enrolments.slice(1)] });
    await first.getByText(words, { exact: true }).waitFor();
  }
});

it('is a table with heads, so that who hears the page is told in which column of which lock they are', async () => {
  await toNaming();
  const table = page.getByRole('table', { name: 'Locks to be named' });
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    'No.',
    'Serial no.',
    'Name',
    'Group',
    'How far',
  ]);
  expect(await table.getByRole('row').count()).toBe(count + 1);
  const second = table.getByRole('row').nth(2);
  expect(await second.getByRole('rowheader').textContent()).toMatch(/^….{4}$/);
  const cells = second.getByRole('cell');
  expect(await cells.count()).toBe(4);
  expect(
    await cells
      .nth(1)
      .getByRole('textbox', { name: /^Name of lock/ })
      .count(),
  ).toBe(1);
  expect(
    await cells
      .nth(2)
      .getByRole('textbox', { name: /^Group of lock/ })
      .count(),
  ).toBe(1);
});

it('says that all can be opened once each is ready, and what was added looks like text', async () => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
  await toNaming();
  const border = () =>
    page.evaluate(`getComputedStyle(document.querySelector('main .lock input')).borderTopColor`);
  const clear = 'rgba(0, 0, 0, 0)';
  expect(await border()).not.toBe(clear);
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText('nothing more to do here').waitFor();
  expect(await border()).toBe(clear);
  const { groups, enrolments } = scene.enrolments();
  const [one] = enrolments;
  if (!one) throw new Error('an empty queue');
  const ready = Array.from(
    { length: count },
    (_, at) => ({ ...one, serialNumber: scene.serialOf(0x200 + at), state: 'provisioned' }) as const,
  );
  const added = page.getByText('Added. They open from the Counter now.');
  await core.show('enrolments', { groups, enrolments: ready.slice(1) });
  await page.locator('main .lock').nth(1).getByText('Ready', { exact: true }).waitFor();
  expect(await added.count()).toBe(0);
  await core.show('enrolments', { groups, enrolments: ready });
  await added.waitFor();
});

it('leads from what was added to just these locks on the Counter, each one tap, and from there to all', async () => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
  core.answer('unlock', () => new Promise(() => undefined));
  await toNaming();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText('nothing more to do here').waitFor();
  const { groups, enrolments } = scene.enrolments();
  const [one] = enrolments;
  if (!one) throw new Error('an empty queue');
  const added = Array.from({ length: count }, (_, at) =>
    scene.tile(0x200 + at, `Hook ${at + 1}`, at % 2 === 0 ? 'Razors' : 'Perfume', 'here'),
  );
  const ready = added.map(({ serialNumber, name }, at) => ({
    ...one,
    enrolmentId: scene.idOf(600 + at),
    serialNumber,
    name,
    state: 'provisioned' as const,
  }));
  await core.show('locks', { locks: [...scene.locks(), ...added], foreign: [] });
  await core.show('enrolments', { groups, enrolments: ready });
  await page.getByRole('button', { name: 'Open each once to test' }).click();
  await page.getByText(`${count} locks were added today. Open each once to test.`).waitFor();
  const tiles = () => page.locator('main li .name').allTextContents();
  await expect.poll(async () => [...(await tiles())].sort()).toEqual(added.map(({ name }) => name).sort());
  await expect
    .poll(async () => {
      await page.getByRole('button', { name: /^Open Hook 1, / }).click();
      return core.seen.flatMap(({ name, input }) => (name === 'unlock' ? [input] : []));
    })
    .toEqual([{ serialNumber: scene.serialOf(0x200) }]);
  await page.getByRole('button', { name: 'Show all locks' }).click();
  await page.getByRole('button', { name: /^Open Game consoles/ }).waitFor();
  // From what is being added the same way leads there, later too.
  await page.getByRole('button', { name: 'Being added' }).click();
  await page.getByRole('button', { name: 'Open each once to test' }).click();
  await expect.poll(async () => (await tiles()).length).toBe(count);
  // What has been opened needs no test any more, one by one or all together.
  const end = { kind: 'open', until: scene.sceneNow + 600_000 } as const;
  const serialNumber = scene.serialOf(0x200);
  await core.show('attempt', attempt({ serialNumber, stage: 'actuate', canStop: false, end }));
  await page.getByText(`${count - 1} of the ${count} locks that were added today`).waitFor();
  const locks = added.map(({ serialNumber: serial, name }) => ({
    ...{ serialNumber: serial, name, working: false, end, bolt: null },
  }));
  await core.show('group', { run: { runId: scene.idOf(700), over: true, locks } });
  await page.getByText(`All ${count} locks that were added today have been opened.`).waitFor();
  await page.getByRole('button', { name: 'Being added' }).click();
  await page.getByText(`${count} locks were added today.`).waitFor();
  expect(await page.getByRole('button', { name: /once to test/ }).count()).toBe(0);
});

it('says of a lock that is added once more how far it is now, not how it was before', async () => {
  core.answer('captureEnrolment', () => ok({ enrolmentId: scene.idOf(500) }));
  await toNaming();
  await page.getByRole('button', { name: `Add ${count} locks` }).click();
  await page.getByText('nothing more to do here').waitFor();
  const { groups, enrolments } = scene.enrolments();
  const [one] = enrolments;
  if (!one) throw new Error('an empty queue');
  const now = { ...one, serialNumber: scene.serialOf(0x200), state: 'submitted' } as const;
  const capturedAt = now.capturedAt - 3_600_000;
  const before = { ...now, enrolmentId: scene.idOf(499), state: 'provisioned', capturedAt } as const;
  await core.show('enrolments', { groups, enrolments: [now, before] });
  await page.locator('main .lock').first().getByText('Waiting for its key', { exact: true }).waitFor();
});

it('shows at least ten rows to name at 1280 × 800', async () => {
  await toNaming();
  const foot = await page.locator('.foot').boundingBox();
  const boxes = await Promise.all((await names().all()).map((one) => one.boundingBox()));
  const whole = boxes.filter((box) => box && box.y + box.height <= (foot?.y ?? 0)).length;
  expect(whole).toBeGreaterThanOrEqual(10);
});

it('a lock of another store is a matter for Health, not for the Counter', async () => {
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
