/** The kiosk's journal on the screen: an afternoon of it, nothing at all, and what is made of one event. */
import type { Page } from 'playwright-core';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { ActivityRow, ActivitySummary } from '#shared/ipc/activity.ts';
import type { FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';
import { heading } from './screens-common.ts';

const minute = 60_000;
const today = '2026-03-04';
const person = (n: number) => ({ staffId: scene.idOf(n), name: scene.staff[n - 1]?.name ?? null });
const lock = (n: number) => ({
  serialNumber: scene.serialOf(n),
  name: scene.locks()[n - 1]?.name ?? null,
});

/** An event of that many minutes ago. */
export const activityRow = (
  sequence: number,
  minutesAgo: number,
  rest: Partial<ActivityRow> = {},
): ActivityRow => ({
  eventId: scene.idOf(5_000 + sequence),
  sequence,
  at: scene.sceneNow - minutesAgo * minute,
  basis: 'recorded',
  day: minutesAgo < 870 ? today : '2026-03-03',
  kind: 'unlocked',
  outcome: 'opened',
  person: person(1),
  lock: lock(1),
  group: 'Spirits',
  method: 'pin',
  approver: null,
  reason: null,
  waited: null,
  errorCode: null,
  offline: false,
  tookMs: 1_240,
  alarm: null,
  renaming: null,
  clockSetByMs: null,
  exported: null,
  servedSeconds: null,
  sweep: null,
  delivery: { state: 'held', since: scene.sceneNow - minutesAgo * minute },
  ...rest,
});

export const activityRows: readonly ActivityRow[] = [
  activityRow(1240, 3, {
    approver: { ...person(3), method: 'pin' },
    reason: { code: 'customer', name: 'Customer wants to see it', number: '004711', numberName: 'Receipt' },
    delivery: { state: 'waiting' },
  }),
  activityRow(1239, 12, {
    kind: 'refused',
    outcome: 'refused',
    person: person(2),
    lock: lock(10),
    group: 'Health',
    errorCode: 'rights.outside_hours',
    tookMs: null,
  }),
  activityRow(1238, 40, { kind: 'unlock_unknown', outcome: 'unknown', lock: lock(2) }),
  activityRow(1237, 41, { person: { staffId: scene.idOf(99), name: null }, delivery: { state: 'refused' } }),
  activityRow(1236, 75, { kind: 'not_unlocked', outcome: 'not_opened', errorCode: 'lock.connect_timeout' }),
  activityRow(1235, 76, {
    kind: 'sign_in_refused',
    purpose: 'second_person',
    outcome: 'refused',
    errorCode: 'staff.wrong_pin',
    person: person(3),
    method: null,
    lock: null,
    group: null,
    tookMs: null,
  }),
  activityRow(1234, 300, {
    kind: 'alarm_raised',
    alarm: 'tampered',
    outcome: 'locks',
    person: null,
    method: null,
    lock: { serialNumber: scene.serialOf(77), name: null },
    group: null,
    tookMs: null,
  }),
  activityRow(1233, 900, {
    kind: 'activity_exported',
    outcome: 'kiosk',
    person: person(3),
    lock: null,
    group: null,
    tookMs: null,
    exported: { format: 'csv', events: 1_232 },
  }),
  activityRow(1232, 901, {
    kind: 'lock_renamed',
    outcome: 'locks',
    person: person(4),
    tookMs: null,
    renaming: { from: { name: 'Hook 4', group: '' }, to: { name: 'Razor wall, left', group: 'Razors' } },
  }),
];

const emptyHours = Array.from({ length: 24 }, () => ({ opened: 0, refused: 0 }));
export const activitySummary = (rest: Partial<ActivitySummary> = {}): ActivitySummary => ({
  today,
  day: today,
  hours: emptyHours.map((none, hour) =>
    hour < 8 || hour > 14 ? none : { opened: (hour * 7) % 11, refused: hour % 4 === 2 ? 2 : 0 },
  ),
  serving: { all: { count: 0, median: 0, ninetieth: 0 }, lapsed: 0, groups: [], hours: [] },
  attention: [
    { kind: 'unknown', count: 1, lock: lock(2), since: scene.sceneNow - 40 * minute },
    { kind: 'refusals', count: 4, person: person(2), at: scene.sceneNow - 12 * minute },
    { kind: 'not_sent', count: 3, since: scene.sceneNow - 95 * minute },
  ],
  days: [today, '2026-03-03'],
  groups: ['Health', 'Spirits'],
  people: [person(1), person(2), person(3), person(4), { staffId: scene.idOf(99), name: null }],
  ...rest,
});

export const showActivity = (core: FakeCore): void => {
  core.answer('readActivity', ({ before }) =>
    ok(before === null ? { rows: [...activityRows], next: 1232 } : { rows: [], next: null }),
  );
  core.answer('sumUpActivity', () => ok(activitySummary()));
  core.answer('checkJournal', () =>
    ok({ events: 1240, since: new Date(2026, 1, 3, 9).getTime(), brokenAt: null }),
  );
};
export const openActivity = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Activity' }).click();
  await heading(page, 'Activity');
};

export const activityScreens = [
  {
    name: 'activity',
    prepare: showActivity,
    reach: async (page: Page) => {
      await openActivity(page);
      await page.getByRole('button', { name: /Person no longer known opened/ }).waitFor();
    },
  },
  {
    name: 'activity-empty',
    prepare: (core: FakeCore) => {
      core.answer('readActivity', () => ok({ rows: [], next: null }));
      core.answer('sumUpActivity', () =>
        ok(activitySummary({ hours: emptyHours, attention: [], days: [], groups: [], people: [] })),
      );
    },
    reach: async (page: Page) => {
      await openActivity(page);
      await page.getByText('Nothing was opened today.').waitFor();
    },
  },
  {
    name: 'activity-event',
    prepare: showActivity,
    reach: async (page: Page) => {
      await openActivity(page);
      await page.getByRole('button', { name: /opened Spirits cabinet 1 with Priya Raman/ }).click();
      await page.getByText('Its journal is unbroken since').waitFor();
    },
  },
  {
    name: 'activity-export',
    prepare: (core: FakeCore) => {
      showActivity(core);
      core.answer('beginExport', () => fail('staff.wrong_pin', { attemptsLeft: 3 }));
    },
    reach: async (page: Page) => {
      await openActivity(page);
      await page.getByRole('button', { name: 'Take a copy' }).click();
      await page.getByText('or hold your badge to the reader').waitFor();
      await page.keyboard.type('1234', { delay: 90 });
      await page.keyboard.press('Enter');
      await page.getByText('3 tries are left').waitFor();
    },
  },
] as const;
