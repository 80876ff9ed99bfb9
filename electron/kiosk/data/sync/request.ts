/** One request with a deadline, and its answer parsed. Never rejects for anything that a network can do. */
import type { z } from 'zod';
import { onAbort } from '#shared/flow/abort.ts';
import { errorAnswerSchema } from '#shared/http/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Fetch, FetchInit } from '../../platform/http.ts';
import { whyNoAnswer } from '../../platform/why-no-answer.ts';
import { answered, failed, type Answer, type Problem } from './answer.ts';

/** From sending to the last byte of the answer, in ms. A page of 1,000 keys is about 3 MB. */
export const requestTimeoutMs = 30_000;

export interface RequestPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export const request = async <T>(
  { fetch, clock }: RequestPorts,
  url: string,
  init: Omit<FetchInit, 'signal'>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<Answer<T>> => {
  const deadline = new AbortController();
  const cancel = clock.after(requestTimeoutMs, () => deadline.abort(new Error('no answer in time')));
  const either = AbortSignal.any([signal, deadline.signal]);
  try {
    // A fetch that ignores its signal must not hold up replication either.
    return await Promise.race([
      exchange(fetch, url, { ...init, signal: either }, schema),
      rejectOnAbort(either),
    ]);
  } catch (error) {
    // `Fetch` rejects only where there was no answer. Which of the many reasons it was is for people, and changes nothing here.
    const why = deadline.signal.aborted && !signal.aborted ? 'timeout' : whyNoAnswer(error);
    return failed({ kind: 'silent', ...(why === null ? {} : { why }) });
  } finally {
    cancel();
    // Whoever still listens for the end hears it now: a listener on a signal that never fires keeps the answer for ever.
    deadline.abort(over);
  }
};

const over = new Error('over');

const rejectOnAbort = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    onAbort(signal, () => reject(new Error('aborted')));
  });

const exchange = async <T>(
  fetch: Fetch,
  url: string,
  init: FetchInit,
  schema: z.ZodType<T>,
): Promise<Answer<T>> => {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) return failed(problemOf(response, text));
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? answered(parsed.data) : failed(inItsPlace);
};

/** A success that is none of the backend's: the page of a portal, or of whoever has the address now. */
const inItsPlace: Problem = { kind: 'unreachable', retryAfterMs: null, why: 'portal' };

/** What a status of 300 or more means; `text` is the body. */
export const problemOf = (response: Response, text: string): Problem => {
  if (response.status === 401) return { kind: 'unauthorised' };
  if (response.status === 407) return { kind: 'unreachable', retryAfterMs: null, why: 'proxy' };
  if (response.status === 413) return { kind: 'too_large' };
  if (response.status < 400) return inItsPlace;
  const later = retryAfterMs(response);
  // A proxy answers 403 and 429 too; only what looks like the backend's word refuses or puts off.
  const said = errorAnswerSchema.safeParse(parseJson(text)).data?.error;
  if (said && response.status === 403)
    return { kind: said.code === 'sync.revoked' ? 'said_revoked' : 'refused' };
  return { kind: said && response.status === 429 ? 'later' : 'unreachable', retryAfterMs: later };
};

const longestRetryAfterMs = 10 * 60_000;

/** RFC 9110, section 10.2.3, in its form in seconds; bounded, so that a wrong value does not silence a kiosk. */
const retryAfterMs = (response: Response): number | null => {
  const value = response.headers.get('retry-after');
  if (value === null || !/^\d{1,6}$/.test(value)) return null;
  return Math.min(Number(value) * 1000, longestRetryAfterMs);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
