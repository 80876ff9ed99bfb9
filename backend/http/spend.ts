import { appError } from '../platform/app-error.ts';
import type { RateLimit } from '../identity/rate-limit.ts';
import { HttpFailure } from './failures.ts';

/** Counts `times` for the caller, or throws 429 with how long it is to wait. */
export const spend = (limit: RateLimit, caller: string, times = 1): void => {
  const waitMs = limit.waitMs(caller);
  if (waitMs > 0) throw new HttpFailure(429, appError('sync.unreachable'), waitMs);
  limit.count(caller, times);
};
