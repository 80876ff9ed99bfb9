/** What Activity says of every kind of event: for the list of states. */
import type { Page } from 'playwright-core';
import { ok } from '#shared/errors/app-error.ts';
import { proofPurposes } from '#shared/models/access-event.ts';
import type { ActivityRow } from '#shared/ipc/activity.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { activityRow, activitySummary, openActivity, showActivity } from './screens-activity.ts';
import { heading, inSheet, press, said, type Screen } from './screens-common.ts';

const { idOf, serialOf } = scene;

const person = (n: number) => ({ staffId: idOf(n), name: scene.staff[n - 1]?.name ?? null });
const lock = (n: number) => ({ serialNumber: serialOf(n), name: scene.locks()[n - 1]?.name ?? null });
const plain = { tookMs: null, lock: null, group: null } as const;
const swept = { heardLocked: 9, seenLocked: 2, notLocked: 3, locks: [lock(1), lock(2)] };
const byTom = { approver: { ...person(2), method: 'pin' } } as const;

/** An event of every kind. */
const ofEachKind: readonly Partial<ActivityRow>[] = [
  {
    kind: 'closing_sweep',
    ...plain,
    sweep: { ...swept, heardOpen: 1 },
    delivery: { state: 'held', since: null },
  },
  {
    kind: 'battery_round',
    ...plain,
    round: { changed: 2, left: 1, changedLocks: [lock(1)], leftLocks: [lock(2)] },
    delivery: { state: 'refused' },
  },
  {
    kind: 'unlocked',
    basis: 'corrected',
    reason: { code: 'return', name: null, numberName: null },
    offline: true,
    delivery: { state: 'waiting' },
  },
  {
    kind: 'unlocked',
    basis: 'estimated',
    reason: { code: 'return', name: 'Return', number: '4711', numberName: null },
    waited: { person: person(3), seconds: 300 },
  },
  { kind: 'closing_sweep', ...plain, sweep: { ...swept, notLocked: 2 } },
  { kind: 'enrolment_captured', ...plain, lock: lock(1) },
  { kind: 'lock_provisioned', ...plain, lock: lock(1), person: null, method: null },
  { kind: 'lock_released', ...plain, lock: lock(1) },
  {
    kind: 'lock_replaced',
    ...plain,
    lock: lock(1),
    replacement: { by: serialOf(70), naming: { name: 'Spirits cabinet 1', group: 'Spirits' } },
  },
  { kind: 'alarm_acknowledged', ...plain, alarm: 'tampered', lock: lock(1) },
  { kind: 'alarm_ended', ...plain, alarm: 'chain_broken', person: null, method: null },
  { kind: 'batteries_read', ...plain, batteries: 31, person: null, method: null },
  { kind: 'customer_waiting', ...plain, person: null, method: null },
  { kind: 'customer_served', ...plain, lock: lock(1), servedSeconds: 74 },
  { kind: 'customer_called_off', ...plain },
  { kind: 'customer_lapsed', ...plain, person: null, method: null },
  { kind: 'outcome_checked', ...plain, lock: lock(1) },
  { kind: 'sign_in_refused', ...plain },
  { kind: 'sign_in_refused', ...plain, errorCode: 'badge.unknown', person: null, method: null },
  ...proofPurposes.map(
    (purpose) => ({ kind: 'sign_in_refused', ...plain, purpose, errorCode: 'staff.wrong_pin' }) as const,
  ),
  { kind: 'signed_in', ...plain, outcome: 'signing_in' },
  { kind: 'signed_out', ...plain },
  { kind: 'opening_asked', ...plain, lock: lock(1) },
  { kind: 'opening_called_off', ...plain, lock: lock(1) },
  { kind: 'pause_lifted', ...plain, ...byTom },
  { kind: 'badge_assigned', ...plain, ...byTom },
  { kind: 'badge_blocked', ...plain, ...byTom },
  { kind: 'events_lost', ...plain, person: null, method: null },
  { kind: 'events_lost', ...plain, errorCode: 'storage.lost', person: null, method: null },
  { kind: 'clock_corrected', ...plain, clockSetByMs: 3_600_000, person: null, method: null },
  { kind: 'locks_exported', ...plain, lockList: { format: 'csv', locks: 34 } },
  { kind: 'kiosk_left', ...plain },
  { kind: 'update_chosen', ...plain, update: { version: '0.3.1', what: 'now' } },
  {
    kind: 'update_done',
    ...plain,
    update: { version: '0.3.1', what: 'installed' },
    person: null,
    method: null,
  },
  { kind: 'refused', lock: lock(1), tookMs: null, outcome: 'refused', errorCode: 'rights.same_person' },
  { kind: 'refused', lock: lock(1), tookMs: null, outcome: 'refused', errorCode: 'rights.not_permitted' },
  { kind: 'not_unlocked', lock: lock(1), outcome: 'not_opened', errorCode: 'lock.cancelled' },
];
const opened = (words: RegExp, sentence: string | RegExp) => async (page: Page) => {
  if ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words }).first().click();
  await inSheet(page, sentence);
};

export const activityStates: readonly Screen[] = [
  {
    name: 'activity-kinds',
    prepare: async (core) => {
      await core.show('locks', {
        locks: scene.locks().map((one, at) => ({ ...one, place: idOf(500 + at) })),
        foreign: [],
      });
      showActivity(core);
      const rows = ofEachKind.map((rest, at) => activityRow(900 - at, at, rest));
      core.answer('readActivity', () => ok({ rows, next: null }));
      core.answer('checkJournal', () => ok({ events: 900, since: null, brokenAt: 17 }));
    },
    reach: async (page) => {
      await openActivity(page);
      await page.getByText('left the kiosk for the computer’s desktop').waitFor();
    },
    states: {
      'a closing check': opened(/signed the closing check: one lock open/, /^Not locked: /),
      'a battery round': opened(/signed the battery round/, /^Not changed: /),
      'a closing check without an open lock': opened(
        /signed the closing check: 2 locks/,
        /^9 heard locked, 2 seen locked, 2 not/,
      ),
      'an opening, offline': async (page, core) => {
        await core.show('health', scene.offline());
        await opened(/opened Spirits cabinet 1 · return/, 'It waits: the kiosk is offline.')(page);
      },
      'an opening after a delay': opened(
        /opened Spirits cabinet 1 · Return/,
        /had asked for it 5 minutes before/,
      ),
      'held, nobody knows since when': opened(/was let in again/, /is broken at event 17/),
    },
  },
  {
    name: 'activity-chosen',
    prepare: showActivity,
    reach: async (page) => {
      await openActivity(page);
      await page.locator('summary').or(page.getByText('As a table')).first().waitFor();
    },
    states: {
      'a lock, by its label': async (page) => {
        await scan(page, serialOf(2));
        await said(page, 'Shown: Spirits cabinet 2.');
      },
      'nothing like that': async (page, core) => {
        core.answer('readActivity', () => ok({ rows: [], next: null }));
        core.answer('sumUpActivity', () =>
          ok(activitySummary({ day: '2026-03-03', hours: noHours, attention: [] })),
        );
        await page.getByRole('combobox', { name: 'Day' }).selectOption({ index: 1 });
        await heading(page, 'Nothing fits');
      },
      'a copy is taken': async (page, core) => {
        core.answer('beginExport', () =>
          ok({ exportId: idOf(1), fileName: 'latchpoint-activity-2026-03-04.csv', parts: 1, events: 12 }),
        );
        core.answer('exportPart', () => ok({ text: '' }));
        await press(page, 'Take a copy');
        await inSheet(page, 'or hold your badge');
        await page.keyboard.type('4711', { delay: 90 });
        await page.keyboard.press('Enter');
        await inSheet(page, '12 events were handed over');
      },
    },
  },
  {
    name: 'activity-waited-without-group',
    prepare: (core) => {
      showActivity(core);
      const figure = { count: 5, median: 58, ninetieth: 120 };
      const serving = {
        all: figure,
        lapsed: 1,
        groups: [{ group: '', ...figure }],
        hours: [{ hour: 9, ...figure }],
      };
      core.answer('sumUpActivity', () => ok(activitySummary({ serving, attention: [] })));
    },
    reach: async (page) => {
      await openActivity(page);
      await page.getByText('Without a group').waitFor();
    },
  },
];
const noHours = Array.from({ length: 24 }, () => ({ opened: 0, refused: 0 }));
