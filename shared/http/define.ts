import type { z } from 'zod';
import type { ErrorCode } from '../errors/table.ts';

export type Status = 200 | 201 | 202 | 204 | 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
type Success = 200 | 201 | 202 | 204;
type ErrorsByStatus = Readonly<Partial<Record<Status, readonly ErrorCode[]>>>;

/** One route: what goes in, what comes out by status, which errors it may answer with beside `usualErrors`, and its limits. */
export interface RouteDefinition {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Fastify has it; each `:name` is a field of `params`. */
  readonly path: `/${string}`;
  readonly summary: string;
  /** Who may ask: anybody, a kiosk or an operator, each with a token of theirs. */
  readonly access: 'open' | 'kiosk' | 'operator';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status, null without a body. The lowest is that of success. */
  readonly answers: Readonly<Partial<Record<Status, z.ZodType | null>>>;
  /** Media types of the body, where it is not JSON. */
  readonly takes?: readonly string[];
  /** Media types of the answer, where it is not JSON. */
  readonly answersAs?: string | readonly string[];
  readonly errors: ErrorsByStatus;
  readonly limit: {
    /**
     * What a request is counted as, by the minute. Per address: one that asks whether the backend is there, one for its description,
     * one by whoever has not proved to be a kiosk, a wrong token. Per kiosk: all that it asks.
     */
    readonly countedAs: 'probe' | 'description' | 'open' | 'guess' | 'kiosk';
    /** Of the body, at the most. */
    readonly bytes: number;
  };
}

export const defineRoute = <const R extends RouteDefinition>(route: R): R => route;

/** Of a body, unless the route has another limit. */
export const usualBytes = 64 * 1024;

/** What every route of an access may answer, beside 400 and 413 for what it cannot read. */
export const usualErrors = {
  open: { 429: ['sync.unreachable'] },
  kiosk: { 401: ['sync.refused'], 403: ['sync.revoked'], 429: ['sync.unreachable'] },
  operator: { 401: ['operator.wrong_token'], 429: ['operator.too_many_tries'] },
} as const satisfies Record<RouteDefinition['access'], ErrorsByStatus>;

type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;
export type RouteParams<R extends RouteDefinition> = OutputOf<R['params']>;
export type RouteQuery<R extends RouteDefinition> = OutputOf<R['query']>;
export type RouteBody<R extends RouteDefinition> = OutputOf<R['body']>;
type NoBody = Awaited<Promise<void>>;
/** Bodies of all statuses, as the backend makes them. */
export type RouteAnswer<R extends RouteDefinition> = {
  [S in keyof R['answers']]: R['answers'][S] extends z.ZodType ? z.input<R['answers'][S]> : NoBody;
}[keyof R['answers']];
/** Body of the success, as whoever asked reads it. */
export type RouteValue<R extends RouteDefinition> = OutputOf<R['answers'][keyof R['answers'] & Success]>;

/** Status and schema of success; null where it has no body. */
export const successOf = ({ answers }: RouteDefinition): { status: number; schema: z.ZodType | null } => {
  // Keys that are numbers come in ascending order.
  const [first] = Object.entries(answers);
  return { status: Number(first?.[0]), schema: first?.[1] ?? null };
};
