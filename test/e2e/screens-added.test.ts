/** Locks that were added: how far each is, and the way to each of them on the Counter. */
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { languages } from '#shared/models/language.ts';
import * as scene from '#support/store-scene.ts';
import { addingTest as it, count } from './adding-page.ts';
import { attempt } from './screens-common.ts';

it('says how far each lock is: adding, waiting for its key, ready', async ({ core, page, toNaming }) => {
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

it('is a table with heads, so that who hears the page is told in which column of which lock they are', async ({
  page,
  toNaming,
}) => {
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

it('says that all can be opened once each is ready, and what was added looks like text', async ({
  core,
  page,
  toNaming,
}) => {
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

it('leads from what was added to just these locks on the Counter, each one tap, and from there to all', async ({
  core,
  page,
  toNaming,
}) => {
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
  await page.setViewportSize({ width: 1024, height: 768 });
  for (const language of [...languages.filter((one) => one !== 'en'), 'en'] as const) {
    await core.alter('kiosk', { language });
    await page.locator(`html[lang=${language}]`).waitFor();
    // What is done next is in the first row, however many there are.
    const rows = await page.evaluate<[string, boolean][]>(`(() => {
      const all = [...document.querySelectorAll('.foot button')];
      const first = Math.min(...all.map((one) => one.getBoundingClientRect().top));
      return all.map((one) => [one.className, one.getBoundingClientRect().top === first]);
    })()`);
    expect(rows).toHaveLength(3);
    expect([language, rows.find(([kind]) => kind.includes('primary'))?.[1]]).toEqual([language, true]);
  }
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

it('says of a lock that is added once more how far it is now, not how it was before', async ({
  core,
  page,
  toNaming,
}) => {
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
