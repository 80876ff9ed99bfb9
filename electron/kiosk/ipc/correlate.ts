import type { AnswerEnvelope } from '#shared/ipc/envelope.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { errorTable, type ErrorCode } from '#shared/errors/table.ts';
import type { LogFields } from '../platform/logger.ts';

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

/**
 * What of a thrown value is fit for the log: its class and where it was thrown. Its message is left out, because messages
 * are made of values and a value can be a secret.
 */
export const describeThrown = (thrown: unknown): LogFields => {
  if (!(thrown instanceof Error)) return { thrown: typeof thrown };
  const { message, stack = '' } = thrown;
  // The stack begins with the message, which may have lines that look like places.
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = afterMessage.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    thrown: thrown.name,
    at: frames
      .slice(0, 6)
      .map((frame) => frame.trim().slice(3))
      .join(' < '),
  };
};
