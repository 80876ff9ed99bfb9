import { z } from 'zod';
import { errorCodes, type ErrorCode } from './table.ts';

/** Values that a worded message may use. Numbers are milliseconds since the epoch where the name ends in `At` or is `until`. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/** An expected outcome that went wrong, as data: it crosses processes and is worded in the page. */
export interface AppError {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}

export const appErrorSchema = z.strictObject({
  code: z.enum(errorCodes),
  params: z.record(z.string(), z.union([z.string().max(300), z.number()])),
});

/**
 * An error that the backend has said. It may be of a later release: a code that this one does not know becomes
 * `sync.unknown_reason`, which names it.
 */
export const saidErrorSchema = z
  .object({ code: z.string().max(100), params: appErrorSchema.shape.params })
  .transform(({ code, params }): AppError => {
    const known = appErrorSchema.shape.code.safeParse(code);
    return known.success
      ? { code: known.data, params }
      : { code: 'sync.unknown_reason', params: { reason: code } };
  });

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (code: ErrorCode, params: ErrorParams = {}): Result<never> => ({
  ok: false,
  error: { code, params },
});

/** Thrown only where an exception is the way out (constructors, start-up): carries the same data as a failed Result. */
export class AppFailure extends Error {
  readonly error: AppError;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'AppFailure';
    this.error = { code, params };
  }
}
