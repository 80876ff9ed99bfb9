/** How an exchange with the backend ended, as far as replication has to tell the cases apart. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { SignedRevocation } from '#shared/http/revocation.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import type { Outcome, RequestProblem } from '../../backend/answer.ts';

export type Problem =
  | RequestProblem
  /** What was asked for has come; what was sent was not taken, for this reason. */
  | { readonly kind: 'sending'; readonly problem: Problem }
  /** The backend has signed that this kiosk is revoked. */
  | { readonly kind: 'revoked'; readonly revocation: SignedRevocation }
  /** Nothing can be written on this machine. */
  | { readonly kind: 'storage'; readonly error: AppError };

export type Answer<T> = Outcome<T, Problem>;

export const answered = <T>(value: T): Answer<T> => ({ ok: true, value });

export const failed = (problem: Problem): Answer<never> => ({ ok: false, problem });

export const silent: Problem = { kind: 'silent' };

export const unreachable: Problem = { kind: 'unreachable', retryAfterMs: null };

/** Of two things that went wrong at once, the one that a person has to know first. */
export const graver = (a: Problem, b: Problem): Problem => (rank[a.kind] >= rank[b.kind] ? a : b);

/** Why there was no answer, as far as that is known. */
export const whyOf = (problem: Problem): NoAnswer | null => {
  if (problem.kind === 'sending') return whyOf(problem.problem);
  if (problem.kind === 'silent') return problem.why ?? null;
  return problem.kind === 'unreachable' ? (problem.why ?? 'unavailable') : null;
};

const rank = {
  later: 0,
  sending: 0,
  too_large: 1,
  silent: 1,
  unreachable: 2,
  unauthorised: 3,
  storage: 4,
  refused: 5,
  said_revoked: 6,
  revoked: 7,
} as const;
