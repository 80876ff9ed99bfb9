/** How a request to the backend ended: the one reading of what statuses mean. */
import { errorAnswerSchema } from '#shared/http/contract.ts';
import { parseJson } from '#shared/models/json.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';

export type RequestProblem =
  /** Nothing came back at all: a pulled cable, a dead network, no one listening. */
  | { readonly kind: 'silent'; readonly why?: NoAnswer }
  /** An answer that helps no further (5xx, a portal's login page): whoever gave it may need rest. */
  | {
      readonly kind: 'unreachable';
      readonly retryAfterMs: number | null;
      readonly why?: NoAnswer;
      /** It is what was asked that was not taken (4xx). */
      readonly isDenied?: true;
    }
  /** Whoever carries it takes less at once (413): the backend, or a gateway before it. */
  | { readonly kind: 'too_large' }
  /** The backend answers, and asks this kiosk to come back later (429). */
  | { readonly kind: 'later'; readonly retryAfterMs: number | null }
  /** The token is not valid (any more). */
  | { readonly kind: 'unauthorised' }
  /** The backend knows this kiosk and will not serve it as it is. */
  | { readonly kind: 'refused' }
  /** Somebody says so, and anybody can: the backend itself has yet to be asked. */
  | { readonly kind: 'said_revoked' };

export type Outcome<T, P> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: P };

/** A success that is none of the backend's: the page of a portal, or of whoever has the address now. */
export const inItsPlace: RequestProblem = { kind: 'unreachable', retryAfterMs: null, why: 'portal' };

/** What a status of 300 or more means; `text` is the body. */
export const problemOf = (response: Response, text: string): RequestProblem => {
  const { status } = response;
  if (status === 401) return { kind: 'unauthorised' };
  if (status === 407) return { kind: 'unreachable', retryAfterMs: null, why: 'proxy' };
  if (status === 413) return { kind: 'too_large' };
  if (status < 400) return inItsPlace;
  const later = retryAfterMs(response);
  // A proxy answers 403 and 429 too; only what looks like the backend's word refuses or puts off.
  const said = errorAnswerSchema.safeParse(parseJson(text)).data?.error;
  if (said && status === 403) return { kind: said.code === 'sync.revoked' ? 'said_revoked' : 'refused' };
  if (said && status === 429) return { kind: 'later', retryAfterMs: later };
  const isDenied = status < 500 && status !== 408 && status !== 429;
  return { kind: 'unreachable', retryAfterMs: later, ...(isDenied ? { isDenied } : {}) };
};

/** The backend does not believe this kiosk, or has nothing for it: asking again as it is helps no further. */
export const isRefusal = ({ kind }: RequestProblem): boolean =>
  kind === 'unauthorised' || kind === 'refused' || kind === 'said_revoked';

const longestRetryAfterMs = 10 * 60_000;

/** RFC 9110, section 10.2.3, in its form in seconds; bounded, so that a wrong value does not silence a kiosk. */
const retryAfterMs = (response: Response): number | null => {
  const value = response.headers.get('retry-after');
  if (value === null || !/^\d{1,6}$/.test(value)) return null;
  return Math.min(Number(value) * 1000, longestRetryAfterMs);
};
