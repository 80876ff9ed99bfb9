/** What a person reads of a lock that could not prove whose its enrolment code is. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

let core: FakeCore;
let page: Page;
useKioskPage(
  (kiosk) => kiosk.show('newLocks', scene.newLocks()),
  (to) => ({ core, page } = to),
);

const words = 'It is not proven that this code is';
const showCaptured = async (unproven: boolean): Promise<void> => {
  const { groups, enrolments } = scene.enrolments();
  const [first, ...others] = enrolments;
  if (!first) throw new Error('an empty queue');
  const captured = { ...first, serialNumber: scene.serialOf(0xa1), unproven };
  const proven = others.map((each) => ({ ...each, unproven: false }));
  await core.show('enrolments', { groups, enrolments: [captured, ...proven] });
};

it.each([true, false])('New locks, once it is captured, and the queue: unproven %s', async (unproven) => {
  core.answer('captureEnrolment', () => {
    void showCaptured(unproven);
    return ok({ enrolmentId: scene.idOf(500) });
  });
  await page.getByRole('button', { name: '2 new locks' }).click();
  await page.getByRole('button', { name: 'Tick all' }).click();
  await page.getByRole('button', { name: 'Enrol these 2 locks' }).click();
  await page.getByRole('button', { name: 'Add 2 locks' }).click();
  await page.getByRole('button', { name: 'Being added' }).waitFor();
  await expect.poll(() => page.getByText(words).count(), { timeout: 30_000 }).toBe(unproven ? 1 : 0);
  await page.getByRole('button', { name: 'Being added' }).click();
  await page.getByText('Read here.').waitFor();
  expect(await page.getByText(words).count()).toBe(unproven ? 1 : 0);
});
