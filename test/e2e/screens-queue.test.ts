/** What a person of the store reads under Being added of an enrolment that waits for a decision, or was not taken. */
import { expect } from 'vitest';
import type { AppError } from '#shared/errors/app-error.ts';
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

const it = kioskPageTest(() => undefined);

type Enrolment = EnrolmentsView['enrolments'][number];
const serialNumber = scene.serialOf(0xa7);
const problem = (code: AppError['code'], reason?: string): AppError => ({
  code,
  params: reason === undefined ? { serialNumber } : { serialNumber, reason },
});

it.for<readonly [state: Enrolment['state'], problem: AppError, badge: string, words: readonly string[]]>([
  [
    'uncertain',
    problem('enrolment.kiosk_revoked', 'had_been_sent'),
    'The back office decides',
    [
      'A kiosk that has been revoked had sent this lock to its maker.',
      'Look whether the lock is really yours',
    ],
  ],
  [
    'refused',
    problem('enrolment.kiosk_revoked'),
    'Refused',
    ['The kiosk that added this lock has been revoked.', 'nobody knows who held that kiosk by then'],
  ],
  [
    'uncertain',
    problem('enrolment.wrong_key', 'key_expired'),
    'The back office decides',
    ['The lock’s maker sent a key that has expired.'],
  ],
  [
    'refused',
    problem('enrolment.vendor_refused', 'operator'),
    'Refused',
    ['The back office ended this enrolment.'],
  ],
  [
    'uncertain',
    problem('enrolment.already_registered'),
    'The back office decides',
    ['The lock’s maker says that this lock is registered already.'],
  ],
] as const)('%s, %o: why, and nothing that is not so', async ([state, why, badge, words], { core, page }) => {
  const [first] = scene.enrolments().enrolments;
  if (!first) throw new Error('an empty queue');
  await core.show('enrolments', {
    groups: [],
    enrolments: [{ ...first, name: 'Drill case 2', serialNumber, state, problem: why, action: 'retry' }],
  });
  await page.getByRole('button', { name: 'Being added (1)' }).click();
  const row = page.locator('main li', { hasText: 'Drill case 2' });
  await row.getByText(badge, { exact: true }).waitFor();
  for (const each of words) await row.getByText(each).waitFor();
  // What its maker has said is told only where it has said it.
  const saysMaker = words.some((each) => each.includes('registered already'));
  expect(await row.getByText(/maker says that (it|this lock) is registered/).count()).toBe(saysMaker ? 1 : 0);
  const refusedByMaker = await row.getByText('The lock’s maker did not accept').count();
  expect(refusedByMaker).toBe(0);
  await row.getByRole('button', { name: 'Send again' }).waitFor();
});

it('what is finished leaves the list once somebody has seen it, and what came of it is counted', async ({
  core,
  page,
}) => {
  const all = scene.enrolments();
  const enrolments = all.enrolments.map((one) =>
    one.name === 'Razor hook 12' ? { ...one, state: 'abandoned' as const, action: null } : one,
  );
  await core.show('enrolments', { ...all, enrolments });
  const rows = () => page.locator('main li h2').allTextContents();
  const queue = () => page.getByRole('button', { name: /^Being added/ });
  await queue().click();
  await page.getByText('One lock was added today. One was given up today.').waitFor();
  expect(await rows()).toEqual(expect.arrayContaining(['Razor hook 10', 'Razor hook 12']));
  // Whoever is signed out for idling may not have seen it.
  await core.show('kiosk', scene.kiosk({ idledOut: scene.idOf(1) }));
  await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
  await core.show('kiosk', scene.signedIn());
  await page.getByText('Razor hook 10').waitFor();
  await page.getByRole('button', { name: 'Back' }).click();
  await queue().click();
  await page.getByText('Razor hook 13').waitFor();
  await page.getByText('One lock was added today. One was given up today.').waitFor();
  expect(await rows()).toEqual(
    enrolments
      .map(({ name }) => name)
      .filter((name) => name !== 'Razor hook 10' && name !== 'Razor hook 12')
      .sort((a, b) => Number(/Drill/.test(a)) - Number(/Drill/.test(b)) || b.localeCompare(a)),
  );
  await page.reload();
  await queue().click();
  await page.getByText('Razor hook 13').waitFor();
  expect(await page.getByText('Razor hook 10').count()).toBe(0);
});
