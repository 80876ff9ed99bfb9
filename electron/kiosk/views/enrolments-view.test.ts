import { of } from 'rxjs';
import { expect, test } from 'vitest';
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { enrolmentRow, ids, serial } from '#support/kiosk-rows.ts';
import { enrolmentsView } from './enrolments-view.ts';

const idOf = (n: number): string => `60000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const view = (enrolments: readonly EnrolmentDocument[]): EnrolmentsView => {
  let shown: EnrolmentsView = { enrolments: [], groups: [] };
  enrolmentsView({
    enrolments$: of(enrolments),
    nearby$: of(new Map()),
    keySerials$: of(new Set<string>()),
    storeLocks$: of(new Map()),
    language$: of('en'),
  }).subscribe((next) => (shown = next));
  return shown;
};

test('what waits for a person is shown however many were enrolled since', () => {
  const done = Array.from({ length: 600 }, (_, n) =>
    enrolmentRow({ enrolmentId: idOf(n), state: 'provisioned', capturedAt: 1_000 + n }),
  );
  const refused = enrolmentRow({ serialNumber: serial, state: 'refused', capturedAt: 1 });
  const { enrolments } = view([...done, refused]);
  expect(enrolments).toHaveLength(500);
  expect(enrolments.at(-1)).toMatchObject({ enrolmentId: ids.enrolment, state: 'refused', action: 'retry' });
  // The others are the newest, newest first.
  expect(enrolments[0]?.enrolmentId).toBe(idOf(599));
  expect(enrolments[498]?.enrolmentId).toBe(idOf(101));
});

test('what goes on without a proof of its lock is marked, and nothing else', () => {
  const marks = (part: Partial<EnrolmentDocument>): boolean[] =>
    (['captured', 'submitted', 'registered', 'provisioned', 'abandoned'] as const).map(
      (state) => view([enrolmentRow({ state, ...part })]).enrolments[0]!.unproven,
    );
  // Captured by a kiosk of the release before: nobody has asked.
  expect(marks({})).toEqual([false, false, false, false, false]);
  expect(marks({ proof: null })).toEqual([true, true, true, false, false]);
  expect(marks({ proof: 'BAUG' })).toEqual([false, false, false, false, false]);
});

test('the groups come in the order in which people count', () => {
  const groups = ['Bay 10', 'Bay 9', '', 'Bay 2'];
  const rows = groups.map((group, n) => enrolmentRow({ enrolmentId: idOf(n), group }));
  expect(view(rows).groups).toEqual(['Bay 2', 'Bay 9', 'Bay 10']);
});
