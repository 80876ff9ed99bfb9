import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enrolmentStates, type EnrolmentState } from '#shared/models/enrolment.ts';
import { enrolmentRow } from '#support/kiosk-rows.ts';
import { afterAction, isLive, offeredAction, type EnrolmentAction } from './enrolment-machine.ts';

const operationId = '60000000-0000-4000-8000-000000000001';
const actions: readonly EnrolmentAction[] = ['provisioned', 'retry', 'abandon'];

/** The whole table, written down a second time: what is not here must be refused. */
const allowed: readonly (readonly [EnrolmentState, EnrolmentAction, EnrolmentState])[] = [
  ['captured', 'abandon', 'abandoned'],
  ['registered', 'provisioned', 'provisioned'],
  ['refused', 'retry', 'captured'],
  ['refused', 'abandon', 'abandoned'],
  ['uncertain', 'retry', 'submitted'],
];

/** What the backend may do, for walking through lives of an enrolment. */
const byBackend: Readonly<Partial<Record<EnrolmentState, readonly EnrolmentState[]>>> = {
  captured: ['submitted', 'conflicted'],
  submitted: ['registered', 'refused', 'uncertain'],
  uncertain: ['registered', 'conflicted'],
};

const refusal = (reason: string) =>
  ({ code: 'enrolment.vendor_refused', params: { serialNumber: '00', reason } }) as const;

describe('enrolment machine', () => {
  test.each(enrolmentStates.flatMap((state) => actions.map((action) => [state, action] as const)))(
    '%s, %s',
    (state, action) => {
      const next = afterAction(enrolmentRow({ state }), action, { operationId, at: 5_000 });
      const row = allowed.find(([from, by]) => from === state && by === action);
      if (row) {
        expect(next).toMatchObject({
          ok: true,
          value: { state: row[2], operationId, changedAt: 5_000, problem: null },
        });
      } else {
        expect(next).toEqual({ ok: false, error: { code: 'enrolment.wrong_state', params: { state } } });
      }
    },
  );

  test('a life: ends stay ends, and each change is named anew and never earlier than the one before', () => {
    const moves = fc.array(
      fc.record({ who: fc.constantFrom('kiosk', 'backend'), choice: fc.nat(), at: fc.nat(10_000) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(moves, (list) => {
        let enrolment = enrolmentRow({ state: 'captured' });
        list.forEach(({ who, choice, at }, index) => {
          const before = enrolment;
          if (who === 'backend') {
            const options = byBackend[enrolment.state] ?? [];
            const state = options[choice % Math.max(1, options.length)];
            if (state) enrolment = { ...enrolment, state };
          } else {
            const next = afterAction(enrolment, actions[choice % 3]!, { operationId: String(index), at });
            if (next.ok) enrolment = next.value;
          }
          expect(enrolment.changedAt).toBeGreaterThanOrEqual(before.changedAt);
          if (!isLive(before)) expect(enrolment).toBe(before);
          expect({ ...enrolment, state: 0, problem: 0, operationId: 0, changedAt: 0 }).toEqual({
            ...before,
            state: 0,
            problem: 0,
            operationId: 0,
            changedAt: 0,
          });
        });
      }),
    );
  });

  test('what is offered can be done', () => {
    for (const state of enrolmentStates) {
      for (const problem of [null, refusal('malformed_code'), refusal('operator')]) {
        const action = offeredAction({ state, problem }, { near: true, hasKey: true });
        if (action === null) continue;
        const by = action === 'provision' ? 'provisioned' : action;
        expect(afterAction(enrolmentRow({ state }), by, { operationId, at: 1 }).ok).toBe(true);
      }
    }
    const registered = { state: 'registered', problem: null } as const;
    expect(offeredAction(registered, { near: false, hasKey: true })).toBeNull();
    expect(offeredAction(registered, { near: true, hasKey: false })).toBeNull();
  });

  test('a code that is refused for itself is given up, not sent again', () => {
    const lock = { near: true, hasKey: false };
    for (const reason of ['malformed_code', 'serial_mismatch']) {
      expect(offeredAction({ state: 'refused', problem: refusal(reason) }, lock)).toBe('abandon');
    }
    expect(offeredAction({ state: 'refused', problem: refusal('operator') }, lock)).toBe('retry');
  });
});
