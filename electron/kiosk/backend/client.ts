/** The kiosk's one way to the backend: calls routes of the contract, each within a deadline. */
import { inTime } from '#shared/flow/in-time.ts';
import {
  successOf,
  type RouteBody,
  type RouteDefinition,
  type RouteParams,
  type RouteQuery,
  type RouteValue,
} from '#shared/http/define.ts';
import { readBody } from '#shared/http/read-body.ts';
import { parseJson } from '#shared/models/json.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fetch, FetchInit } from '../platform/http.ts';
import { whyNoAnswer } from '../platform/why-no-answer.ts';
import { inItsPlace, problemOf, type Outcome, type RequestProblem } from './answer.ts';

/** From sending to the last byte of the answer, in ms. A page of 1,000 keys is about 3 MB. */
export const requestTimeoutMs = 30_000;
/** Of an answer: twice what 1,000 of the largest rows take. */
const mostBytes = 64 * 1024 * 1024;

type Wanted<K extends string, T> = undefined extends T ? unknown : { readonly [N in K]: T };
/** What a route takes, as far as it takes it; `token` where it is for kiosks. */
export type RouteInput<R extends RouteDefinition> = Wanted<'params', RouteParams<R>> &
  Wanted<'query', RouteQuery<R>> &
  Wanted<'body', RouteBody<R>> & { readonly token?: string };

export interface BackendClient {
  /** Never rejects for anything that a network can do. */
  call<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    signal: AbortSignal,
  ): Promise<Outcome<RouteValue<R>, RequestProblem>>;
  /** Opens a route that streams, for as long as `signal` lets it. Rejects where there is no answer. */
  open(
    route: RouteDefinition,
    token: string,
    signal: AbortSignal,
  ): Promise<Outcome<ReadableStream<Uint8Array>, RequestProblem>>;
}

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly token?: string;
}

/** `backendUrl` is without a trailing slash. */
export const createBackendClient = ({
  fetch,
  clock,
  backendUrl,
}: {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly backendUrl: string;
}): BackendClient => {
  const exchange = async (route: RouteDefinition, parts: Parts, signal: AbortSignal) => {
    const response = await fetch(backendUrl + placeOf(route, parts), { ...initOf(route, parts), signal });
    const pieces = await readBody(response.body, mostBytes);
    const text = new TextDecoder().decode(Buffer.concat(pieces ?? []));
    if (!response.ok) return failed(problemOf(response, text));
    if (pieces === null) return failed(inItsPlace);
    const parsed = successOf(route).schema?.safeParse(parseJson(text));
    return parsed?.success === true ? ({ ok: true, value: parsed.data } as const) : failed(inItsPlace);
  };

  const within = async (
    route: RouteDefinition,
    parts: Parts,
    signal: AbortSignal,
  ): Promise<Outcome<unknown, RequestProblem>> => {
    if (signal.aborted) return silent();
    const stopper = new AbortController();
    try {
      // A fetch that ignores its signal must not hold up whoever asks either.
      return await inTime(
        { timer: clock, ms: requestTimeoutMs, signal },
        exchange(route, parts, stopper.signal),
        (limit) => silent(limit === 'late' ? 'timeout' : null),
      );
    } catch (error) {
      // `Fetch` rejects only where there was no answer. Which of the many reasons it was is for people, and changes nothing here.
      return silent(whyNoAnswer(error));
    } finally {
      // Whoever still listens for the end hears it now: a listener on a signal that never fires keeps the answer for ever.
      stopper.abort(over);
    }
  };

  return {
    call: async <R extends RouteDefinition>(route: R, input: RouteInput<R>, signal: AbortSignal) =>
      (await within(route, input, signal)) as Outcome<RouteValue<R>, RequestProblem>,
    open: async (route, token, signal) => {
      const response = await fetch(backendUrl + route.path, { ...initOf(route, { token }), signal });
      if (response.ok && response.body) return { ok: true, value: response.body };
      await response.body?.cancel();
      return failed(problemOf(response, ''));
    },
  };
};

const failed = (problem: RequestProblem) => ({ ok: false, problem }) as const;
const silent = (why: NoAnswer | null = null) => failed({ kind: 'silent', ...(why === null ? {} : { why }) });

const placeOf = ({ path }: RouteDefinition, { params = {}, query = {} }: Parts): string => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string' || typeof value === 'number') asked.set(name, `${value}`);
  }
  return asked.size > 0 ? `${filled}?${asked.toString()}` : filled;
};

const initOf = (
  { method, answersAs = 'application/json' }: RouteDefinition,
  { body, token }: Parts,
): FetchInit => ({
  method: method.toUpperCase(),
  headers: {
    accept: [answersAs].flat().join(', '),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

const over = new Error('over');
