/**
 * The two that decide. The kiosk is the judge that its tiles, calls and attempts ask: it keeps what it has read while its clock goes on,
 * jumps and is set back. The backend reads its row for each question.
 */
import { BehaviorSubject } from 'rxjs';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { createJudge } from '#kiosk/staff/judge.ts';
import { createWaits } from '#kiosk/staff/waits.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { StaffDocument, StoreDocument } from '#shared/models/documents.ts';
import { decide, readRights, type Decision, type RefusedBy } from '#shared/rights/decide.ts';
import type { Permission } from '#shared/rights/model.ts';
import { staffRow, storeRow } from '#support/kiosk-rows.ts';
import type { MadePerson, Organisation } from './organisation.ts';

export interface Question {
  readonly person: MadePerson;
  readonly act: Permission;
  readonly group: string | null;
  readonly at: number;
}

/** What a kiosk tells whoever asks. */
export interface Told {
  readonly error: ErrorCode | null;
  readonly fromAt: number | null;
  readonly needs: readonly string[];
}
export interface KioskSide {
  readonly told: (question: Question) => Told;
  /** Their ids, in no order. */
  readonly whoMay: (question: Question) => string[];
  readonly permissions: (staffId: string) => readonly Permission[];
  readonly holdOpenSeconds: (group: string) => number | null;
  readonly dispose: () => void;
}
export type Kiosk = (organisation: Organisation) => KioskSide;
export type Backend = (organisation: Organisation) => (question: Question) => Decision;

const row = staffRow('', '', '4711');

export const kiosk: Kiosk = ({ rights, people }) => {
  const clock = new ManualClock(0);
  const staff = people.map(({ roles, assignments, ...person }): StaffDocument => ({
    ...row,
    ...person,
    ...(roles && { roles: [...roles] }),
    ...(assignments && { assignments: structuredClone([...assignments]) }),
  }));
  const judge = createJudge({
    staff$: new BehaviorSubject<readonly StaffDocument[]>(staff),
    store$: new BehaviorSubject<StoreDocument | null>({ ...storeRow(), rights }),
    waits: createWaits(clock),
    clock,
  });
  const at = (time: number): void => clock.jump(time - clock.now());
  return {
    told: ({ person: { staffId }, act, group, at: time }) => {
      at(time);
      const refused = judge.refusal(staffId, act, group);
      const needs = act === 'open' ? judge.needs(staffId, group ?? '', 'pin') : null;
      const fromAt = refused?.params['fromAt'];
      return {
        error: refused?.code ?? null,
        fromAt: typeof fromAt === 'number' ? fromAt : null,
        needs: [
          ...(needs?.proof ? ['badge'] : []),
          ...(needs?.secondPerson ? ['second_person'] : []),
          ...(needs?.reasons ? ['reason'] : []),
          ...(needs?.delayMinutes ? ['wait'] : []),
        ],
      };
    },
    whoMay: ({ act, group, at: time }) => {
      at(time);
      return judge.whoMay(act, group ?? '').map(({ staffId }) => staffId);
    },
    permissions: (staffId) => judge.permissions(staffId),
    holdOpenSeconds: (group) => judge.holdOpenSeconds(group),
    dispose: () => judge.dispose(),
  };
};

/** As a row of a database gives it back: the same in another order. */
const backwards = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, each]) => [name, backwards(each)]),
  );
};
export const backend: Backend =
  ({ rights }) =>
  ({ person, act, group, at }) =>
    decide(person, act, group, at, readRights(backwards(rights)));

const errors: Readonly<Record<RefusedBy, ErrorCode>> = {
  role: 'rights.not_permitted',
  group_roles: 'rights.not_permitted',
  schedule: 'rights.outside_hours',
  not_started: 'staff.not_yet',
  ended: 'staff.ended',
  not_understood: 'rights.not_understood',
};

/** What a kiosk has to tell of a decision. */
export const toldOf = (decision: Decision, act: Permission): Told => {
  if (decision.kind !== 'refused') {
    const needs = decision.kind === 'needs' && act === 'open' ? decision.needs : [];
    return { error: null, fromAt: null, needs };
  }
  const { by, from } = decision;
  const error = by === 'schedule' && from === null ? 'rights.never_open' : errors[by];
  const tellsTime = by === 'schedule' || by === 'not_started';
  return { error, fromAt: tellsTime ? from : null, needs: [] };
};
