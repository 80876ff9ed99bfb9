/** What a person reads of a lock that could not prove whose its enrolment code is. */
import { expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';

const words = 'It is not proven that this code is';

const it = kioskPageTest((kiosk) => kiosk.show('newLocks', scene.newLocks())).extend(
  'showCaptured',
  ({ core }) =>
    async (unproven: boolean): Promise<void> => {
      const { groups, enrolments } = scene.enrolments();
      const [first, ...others] = enrolments;
      if (!first) throw new Error('an empty queue');
      const captured = { ...first, serialNumber: scene.serialOf(0xa1), unproven };
      const proven = others.map((each) => ({ ...each, unproven: false }));
      await core.show('enrolments', { groups, enrolments: [captured, ...proven] });
    },
);

it.for([true, false])(
  'New locks, once it is captured, and the queue: unproven %s',
  async (unproven, { core, page, showCaptured }) => {
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
  },
);
