/** What is being added says at other times: for the list of states. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { attempt, never, press, type Screen } from './screens-common.ts';

const { idOf, sceneNow, serialOf } = scene;
const minute = 60_000;

const begun = (
  n: number,
  state: EnrolmentsView['enrolments'][number]['state'],
  rest: Partial<EnrolmentsView['enrolments'][number]> = {},
): EnrolmentsView['enrolments'][number] => ({
  ...{
    enrolmentId: idOf(800 + n),
    serialNumber: serialOf(0xa0 + n),
    name: `Razor hook ${n}`,
    group: 'Razors',
  },
  ...{ state, problem: null, unproven: false, near: false, action: null },
  ...{ capturedAt: sceneNow - minute, changedAt: sceneNow - minute },
  ...rest,
});
const adding = (...enrolments: EnrolmentsView['enrolments']) => ({ enrolments, groups: [] });

const addTwo = async (page: Page): Promise<void> => {
  await press(page, '2 new locks');
  await press(page, 'Tick all');
  await press(page, 'Enrol these 2 locks');
  await press(page, 'Add 2 locks');
  await page.getByText('Their keys come within moments').waitFor();
};

export const addingStates: readonly Screen[] = [
  {
    name: 'queue-states',
    prepare: async (core) => {
      await core.show(
        'enrolments',
        adding(
          begun(1, 'captured', { action: 'abandon' }),
          begun(2, 'submitted', { changedAt: sceneNow - 40 * minute }),
          begun(3, 'registered', { replaces: serialOf(4), action: 'provision' }),
          begun(4, 'refused'),
          begun(5, 'uncertain', { action: 'retry' }),
          begun(6, 'conflicted'),
          begun(7, 'abandoned'),
        ),
      );
      core.answer('provisionEnrolment', never);
    },
    reach: async (page) => {
      await press(page, /^Being added/);
      await page.getByText('It takes the place of lock').waitFor();
    },
    states: {
      'to be given up': (page) => page.getByRole('button', { name: 'Give up' }).first().click(),
      'at work': async (page) => {
        await press(page, 'Finish now');
        await page.getByText('At it …').waitFor();
      },
      over: (_page, core) => core.show('enrolments', adding(begun(6, 'conflicted'), begun(7, 'abandoned'))),
      empty: (_page, core) => core.show('enrolments', adding()),
    },
  },
  {
    name: 'enrol-online',
    prepare: async (core) => {
      await core.show('enrolments', adding());
      core.answer('captureEnrolment', () => ok({ enrolmentId: idOf(500) }));
    },
    reach: addTwo,
  },
];

/** The end of an enrolment whose locks are there to be tested: three buttons. */
export const enrolReady: Screen = {
  name: 'enrol-ready',
  prepare: async (core) => {
    const added = [1, 2].map((n) => scene.tile(0xa0 + n, `Razor hook ${n}`, 'Razors', 'here'));
    await core.show('locks', { locks: [...scene.locks(), ...added], foreign: [] });
    await core.show('enrolments', adding());
    core.answer('captureEnrolment', () => ok({ enrolmentId: idOf(500) }));
  },
  reach: async (page, core) => {
    await addTwo(page);
    await core.show('enrolments', adding(begun(1, 'provisioned'), begun(2, 'provisioned')));
    await page.getByRole('button', { name: 'Open each once to test' }).waitFor();
  },
};

const openNow = { kind: 'open', until: sceneNow + 600_000 } as const;
export const newTodayStates: Screen = {
  name: 'new-today-states',
  prepare: async (core) => {
    const added = [1, 2].map((n) => scene.tile(0xa0 + n, `Razor hook ${n}`, 'Razors', 'here'));
    await core.show('locks', { locks: [...scene.locks(), ...added], foreign: [] });
    await core.show('enrolments', adding(begun(1, 'provisioned'), begun(2, 'provisioned')));
  },
  reach: async (page) => {
    await press(page, /^Being added/);
    await press(page, 'Open each once to test');
    await page.getByText('2 locks were added today. Open each once to test.').waitFor();
  },
  states: Object.fromEntries(
    [1, 2].map((n) => [
      `${n} opened`,
      (_page: Page, core: FakeCore) =>
        core.show('attempt', attempt({ serialNumber: serialOf(0xa0 + n), end: openNow, canStop: false })),
    ]),
  ),
};
