/**
 * What this kiosk may do to an enrolment, and what a person is offered. The backend moves enrolments too; the arrows that
 * are the kiosk's own are drawn double.
 *
 *                    retry                        retry
 *         ┌══════════════════════════ refused ◄──────┐
 *         │                              ║           │
 *         ▼              sent            ║ abandon   │   vendor      key arrives        key is in the lock
 *   ══► captured ──────────────────► submitted ──────┼──► registered ═══════════════════════► provisioned
 * capture ║ │                          │ ║           │
 *         ║ └──► conflicted ◄────────────┘ ▼         │
 *         ╚═════════════════════════► abandoned      └──► uncertain ══ retry ══► submitted
 *
 * The backend ends one that is uncertain as `conflicted` too, once another has the lock.
 * `captured`, `submitted`, `registered`, `refused` and `uncertain` are live: while one of them holds, its serial number is
 * not captured again on this kiosk. `provisioned`, `conflicted` and `abandoned` are ends.
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument, EnrolmentState } from '#shared/models/enrolment.ts';

export type EnrolmentAction = 'provisioned' | 'retry' | 'abandon';

/** What each action makes of a state; it is refused in any other. */
const transitions: Readonly<Record<EnrolmentAction, Partial<Record<EnrolmentState, EnrolmentState>>>> = {
  provisioned: { registered: 'provisioned' },
  // Sent before, and perhaps registered: asked again, it is no less so.
  retry: { refused: 'captured', uncertain: 'submitted' },
  // What has been sent may be registered at any moment: only what surely is not can be given up.
  abandon: { captured: 'abandoned', refused: 'abandoned' },
};

const liveStates: ReadonlySet<EnrolmentState> = new Set<EnrolmentState>([
  'captured',
  'submitted',
  'registered',
  'refused',
  'uncertain',
]);

export const isLive = ({ state }: Pick<EnrolmentDocument, 'state'>): boolean => liveStates.has(state);

/** The enrolment after the action, or `enrolment.wrong_state`. `operationId` names this change to the backend. */
export const afterAction = (
  enrolment: EnrolmentDocument,
  action: EnrolmentAction,
  change: { readonly operationId: string; readonly at: number },
): Result<EnrolmentDocument> => {
  const to = transitions[action][enrolment.state];
  if (!to) return fail('enrolment.wrong_state', { state: enrolment.state });
  return ok({
    ...enrolment,
    state: to,
    problem: null,
    operationId: change.operationId,
    changedAt: Math.max(change.at, enrolment.changedAt),
  });
};

/** Sent again, it would be refused again: only a new capture reads another code from the lock. */
const codeRefusals: ReadonlySet<unknown> = new Set(['malformed_code', 'serial_mismatch']);

/** The one thing a person could do now; null when there is nothing. */
export const offeredAction = (
  { state, problem }: Pick<EnrolmentDocument, 'state' | 'problem'>,
  lock: { readonly near: boolean; readonly hasKey: boolean },
): 'provision' | 'retry' | 'abandon' | null => {
  switch (state) {
    case 'captured':
      return 'abandon';
    case 'registered':
      return lock.near && lock.hasKey ? 'provision' : null;
    case 'refused':
      return codeRefusals.has(problem?.params['reason']) ? 'abandon' : 'retry';
    case 'uncertain':
      return 'retry';
    case 'submitted':
    case 'provisioned':
    case 'conflicted':
    case 'abandoned':
      return null;
  }
};
