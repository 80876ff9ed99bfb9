/**
 * How long to wait before the next try. Full jitter: anywhere between nothing and a bound that doubles, so that a chain of
 * stores which lost its backend at one moment does not come back at one moment.
 */
import { backoffMs } from '#shared/flow/backoff.ts';
import type { Problem } from './answer.ts';

const firstBackoffMs = 1_000;
export const longestBackoffMs = 60_000;
/** Where nothing answers, asking burdens no one, and a person who has plugged the cable in again is watching. */
export const longestSilentBackoffMs = 8_000;
/** A refused kiosk needs a person at the backend; it asks now and then whether one has come. */
const refusedBackoffMs = 300_000;

/** `failures` counts those in a row, from 1; `float` is in [0, 1). */
export const syncBackoffMs = (failures: number, float: number, longestMs = longestBackoffMs): number =>
  backoffMs({ firstMs: firstBackoffMs, longestMs, chance: 1 }, failures, float);

/** Every 60 s on average, spread so that kiosks drift apart. */
export const timerMs = (float: number): number => 45_000 + 30_000 * float;

/** null where asking again makes no sense. */
export const waitAfter = (problem: Problem | null, failures: number, float: number): number | null => {
  if (problem === null) return timerMs(float);
  switch (problem.kind) {
    case 'revoked':
      return null;
    case 'refused':
    case 'said_revoked':
      return longestBackoffMs + (refusedBackoffMs - longestBackoffMs) * float;
    case 'silent':
      return syncBackoffMs(failures, float, longestSilentBackoffMs);
    case 'unreachable':
    case 'later':
      // What the backend asks for is a floor; without jitter on top all would come back at its end.
      return (problem.retryAfterMs ?? 0) + syncBackoffMs(failures, float);
    case 'sending':
      return waitAfter(problem.problem, failures, float);
    case 'storage':
    case 'too_large':
    case 'unauthorised':
      return syncBackoffMs(failures, float);
  }
};
