/** Every failed answer is `{ error: AppError }`. Translated here, once. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { AppError } from '#shared/errors/app-error.ts';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { appError } from '../platform/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';

/** Thrown by handlers to answer with a status and an error. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly error: AppError;
  /** How long the caller is asked to wait; null where that is left open. */
  readonly retryAfterMs: number | null;

  constructor(status: number, error: AppError, retryAfterMs: number | null = null) {
    super(error.code);
    this.name = 'HttpFailure';
    this.status = status;
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What an error's parameters hold at the most is 300 characters. */
const longestSaid = 200;

/** Strict parsing at the edge: 400 with the place of the first thing that is wrong, never its value. */
export const parseOr400 = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value, { error: valueProblem });
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.map(String).join('.') ?? '';
  const problem = first?.message ?? '';
  throw new HttpFailure(
    400,
    appError('ipc.bad_request', { path: path.slice(0, longestSaid), problem: problem.slice(0, longestSaid) }),
  );
};

/**
 * PostgreSQL and socket errors that mean "not now": the caller comes back. 25006 is a server that takes no writes any more; the
 * next try is made on another session. 55P03 is somebody else who holds what was to be changed, 25P03 a transaction that stood
 * still: the database is well, and nothing but this request is put off.
 */
const isDatabaseAway = (thrown: unknown): boolean => {
  const code = codeOf(thrown);
  if (code === '')
    return thrown instanceof Error && /connection|timeout exceeded|timeout expired/i.test(thrown.message);
  return /^(08|25006|25P0[34]|28|3D000|40|53|55P03|57|58|ECONN|EHOST|ENET|ENOTFOUND|EAI_|ENOENT|EPIPE|ETIMEDOUT)/.test(
    code,
  );
};

/** After which a caller may ask again. */
const awayMs = 2_000;

/** What a caller is answered to what was thrown. */
export const answerTo = (thrown: unknown): HttpFailure => {
  if (thrown instanceof HttpFailure) return thrown;
  return isDatabaseAway(thrown)
    ? new HttpFailure(503, appError('sync.unreachable'), awayMs)
    : new HttpFailure(500, appError('internal.unexpected'));
};

/** What is answered to what a route, or the framework before it, threw; what nobody expected is logged. */
export const failureOf = (
  thrown: FastifyError | HttpFailure,
  request: FastifyRequest,
  logger: Logger,
): HttpFailure => {
  if (thrown instanceof HttpFailure) return thrown;
  // Fastify's own refusals: body too large, not JSON, unknown media type.
  if (thrown.statusCode !== undefined && thrown.statusCode < 500) {
    const status = thrown.statusCode === 413 ? 413 : 400;
    return new HttpFailure(status, appError('ipc.bad_request'));
  }
  logger.error('request failed', {
    route: request.routeOptions.url ?? '',
    requestId: request.id,
    ...describeThrown(thrown),
  });
  return answerTo(thrown);
};

export const sendFailure = (
  reply: FastifyReply,
  { status, error, retryAfterMs }: HttpFailure,
): FastifyReply => {
  if (retryAfterMs !== null) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply.status(status).send({ error });
};
