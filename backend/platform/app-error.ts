import type { AppError, ErrorParams } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';

/** An error as data, where no Result is wanted. */
export const appError = (code: ErrorCode, params: ErrorParams = {}): AppError => ({ code, params });
