import type { AnswerEnvelope } from '#shared/ipc/envelope.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { errorTable, type ErrorCode } from '#shared/errors/table.ts';

const longestParam = 300;

/** A failed answer. Only the parameters that the error table declares travel, so that a stray one can't carry a secret. */
export const failedAnswer = (error: AppError, correlationId: string): AnswerEnvelope => ({
  ok: false,
  error: { code: error.code, params: declaredParams(error) },
  correlationId,
});

const declaredParams = (error: AppError): AppError['params'] => {
  const declared: readonly string[] = errorTable[error.code].params;
  const kept = Object.entries(error.params).filter(([name]) => declared.includes(name));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, longestParam) : value]),
  );
};

/** Codes that any call may answer with, beside those it declares. */
export const isUndeclared = (code: ErrorCode, declared: readonly ErrorCode[]): boolean =>
  !declared.includes(code) && !code.startsWith('ipc.') && !code.startsWith('internal.');
