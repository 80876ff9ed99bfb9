/** What somebody brings to an opening, and what is missing of it. */
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import type { Circumstances, GivenReason, SignInMethod } from '#shared/models/access-event.ts';
import type { Decision, Need } from '#shared/rights/decide.ts';
import type { Permission, Reasons } from '#shared/rights/model.ts';

export type Approver = NonNullable<Circumstances['approver']>;

/** `forced`: by their duress PIN. */
export const approverOf = (staffId: string, method: SignInMethod, forced: boolean): Approver => ({
  staffId,
  method,
  ...(forced ? { duress: true as const } : {}),
});

/** Who has proved that they confirm something. */
export interface Confirmed {
  readonly approver: Approver;
  /** Whether they would still be let by it: their badge, or their PIN, is theirs. */
  readonly holds: () => boolean;
}

/** As the journal is told that whoever it is of is signed in by their duress PIN. */
export const duressOf = (forced: boolean): Pick<Circumstances, 'duress'> => (forced ? { duress: true } : {});

export interface Opening {
  readonly acts: readonly Extract<Permission, 'open' | 'open_group'>[];
  /** How whoever opens has proved who they are. */
  readonly method: SignInMethod;
  /** Whether whoever opens is signed in by their duress PIN; for the journal alone. */
  readonly forced?: boolean;
  /** As `method`, by what still holds: a badge that is blocked meanwhile proves nothing any more. Left out: as `method`. */
  readonly methodNow?: (() => SignInMethod) | undefined;
  /** Who has proved that they confirm it. */
  readonly approver: Approver | null;
  /** As `Confirmed.holds`, of the approver; left out: yes. */
  readonly approverHolds?: (() => boolean) | undefined;
  readonly reason: GivenReason | null;
  /** Of a lock with a delay: who had asked for it, and how long before. */
  readonly waited?: Circumstances['waited'];
}
/** Asked once, in the turn at the lock: an error where something is missing. */
export type BringOpening = () => Promise<Result<Opening>>;

export const plainOpening: Opening = {
  acts: ['open'],
  method: 'pin',
  approver: null,
  reason: null,
};
export const plainGroupOpening: Opening = { ...plainOpening, acts: ['open_group', 'open'] };

/** Who is not on the list is nobody. */
export const nobody: AppError = { code: 'staff.not_signed_in', params: {} };

const error = (code: ErrorCode, at: number | null = null): AppError => ({
  code,
  params: at === null ? {} : { fromAt: at },
});

/** As an error; null of what is not refused. */
export const refusalOf = (decision: Decision): AppError | null => {
  if (decision.kind !== 'refused') return null;
  const { by, from } = decision;
  switch (by) {
    case 'role':
    case 'group_roles':
      return error('rights.not_permitted');
    case 'schedule':
      return from === null ? error('rights.never_open') : error('rights.outside_hours', from);
    case 'not_started':
      return error('staff.not_yet', from);
    case 'ended':
      return error('staff.ended');
    case 'not_understood':
      return error('rights.not_understood');
  }
};

/** What is missing of a lock's delay, `minutes` by its rule; null: it is over. */
export const notWaited = (wait: LockTile['wait'], minutes: number | null): AppError | null => {
  if (wait?.over) return null;
  return wait
    ? error('rights.wait_runs', wait.opensAt)
    : { code: 'rights.wait_needed', params: { minutes: minutes ?? 0 } };
};

const missingReason = (reasons: Reasons | null, reason: GivenReason | null): AppError | null => {
  if (reason === null) return error('rights.reason_needed');
  if (!reasons?.choices.some(({ code }) => code === reason.code)) return error('rights.reason_unknown');
  const isWithout = reasons.number?.required === true && reason.number === undefined;
  return isWithout ? error('rights.reason_needed') : null;
};

/** By what else whoever is signed in has to prove who they are; undefined: by nothing. */
export const missingProof = (needs: readonly Need[], method: SignInMethod): 'pin' | 'badge' | undefined =>
  needs.includes('badge') && method !== 'both' ? (method === 'badge' ? 'pin' : 'badge') : undefined;

/** What of `needs` has not been brought. An approver that nobody asked for is held to the same as one that was. */
export const notBrought = (
  needs: readonly Need[],
  reasons: Reasons | null,
  { method, methodNow, approver, approverHolds, reason }: Opening,
  staffId: string,
  mayApprove: (staffId: string) => boolean,
): AppError | null => {
  const proof = missingProof(needs, methodNow?.() ?? method);
  if (proof) return error(`rights.${proof}_needed`);
  const missing = needs.includes('reason') ? missingReason(reasons, reason) : null;
  if (missing) return missing;
  if (approver === null) return needs.includes('second_person') ? error('rights.second_person_needed') : null;
  if (approver.staffId === staffId) return error('rights.same_person');
  if (!mayApprove(approver.staffId)) return error('rights.may_not_approve');
  if (approverHolds?.() !== false) return null;
  return error(approver.method === 'badge' ? 'badge.blocked' : 'rights.second_person_needed');
};
