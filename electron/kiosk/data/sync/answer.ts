/** How a request to the backend ended, as far as replication has to tell the cases apart. */
import type { AppError } from '#shared/errors/app-error.ts';

export type Problem =
  /** Nothing came back at all: a pulled cable, a dead network, no one listening. */
  | { readonly kind: 'silent' }
  /** An answer that helps no further (5xx, 429, a portal's login page): whoever gave it may need rest. */
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number | null }
  /** The token is not valid (any more). */
  | { readonly kind: 'unauthorised' }
  /** The backend knows this kiosk and will not serve it as it is. */
  | { readonly kind: 'refused' }
  /** This kiosk has been revoked. */
  | { readonly kind: 'revoked' }
  /** Nothing can be written on this machine. */
  | { readonly kind: 'storage'; readonly error: AppError };

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const answered = <T>(value: T): Answer<T> => ({ ok: true, value });

export const failed = (problem: Problem): Answer<never> => ({ ok: false, problem });

export const silent: Problem = { kind: 'silent' };

export const unreachable: Problem = { kind: 'unreachable', retryAfterMs: null };

/** Of two things that went wrong at once, the one that a person has to know first. */
export const graver = (a: Problem, b: Problem): Problem => (rank[a.kind] >= rank[b.kind] ? a : b);

const rank = { silent: 0, unreachable: 1, unauthorised: 2, storage: 3, refused: 4, revoked: 5 } as const;
