/** What the lock sheet shows of an attempt. Nothing here says "open" or "locked" unless the lock has said so. */
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { AttemptView, UnlockEnd } from '#shared/ipc/views.ts';

export type Attempt = NonNullable<AttemptView['attempt']>;

export type AttemptPhase =
  | { readonly kind: 'working'; readonly attempt: Attempt | null }
  /** The lock has said that its bolt is open, and until when it holds it. */
  | { readonly kind: 'open'; readonly until: number; readonly attempt: Attempt | null }
  /** The hold has run out, and the kiosk asks the lock whether it is locked again: that takes a moment, and nothing is wrong. */
  | { readonly kind: 'settling' }
  /** It is asked for longer than that takes, and has not said that it is locked: somebody has to look. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'not_open'; readonly error: AppError }
  | { readonly kind: 'unknown' };

/** The call ended without the core's word on it: what became of the command, nobody here can say. */
const leavesUnknown = [
  'ipc.disconnected',
  'ipc.timeout',
  'internal.unexpected',
] as const satisfies AppError['code'][];

const endOfCall = (result: Result<UnlockEnd> | null): UnlockEnd | null => {
  if (result === null) return null;
  if (result.ok) return result.value;
  return leavesUnknown.some((code) => code === result.error.code)
    ? { kind: 'unknown' }
    : { kind: 'not_open', error: result.error };
};

/** The kiosk asks 0.7 s after the bolt's seconds, once more 2 s later, and is answered within moments. In ms. */
export const settlesMs = 3_000;

/** Whether a lock that was open until then may not have been asked yet. */
export const isSettling = (until: number, now: number): boolean => now >= until && now < until + settlesMs;

/**
 * `attempt` is the core's view of this attempt (null until it has begun), `result` what the call ended with (null until
 * then), `now` the core's time. The core's view counts before the call's end: it goes on being told.
 */
export const attemptPhase = (
  attempt: Attempt | null,
  result: Result<UnlockEnd> | null,
  now: number,
): AttemptPhase => {
  const end = attempt?.end ?? endOfCall(result);
  if (end === null) return { kind: 'working', attempt };
  if (end.kind === 'not_open') return { kind: 'not_open', error: end.error };
  if (attempt?.bolt === 'locked') return { kind: 'locked' };
  if (end.kind === 'unknown') return { kind: 'unknown' };
  if (now < end.until) return { kind: 'open', until: end.until, attempt };
  return { kind: isSettling(end.until, now) ? 'settling' : 'waiting' };
};

/** A lock that is there answers within a second. After this time, in ms, of one that does not, it is said. */
export const unansweredMs = 3_000;

/**
 * Whether it has been looked for and connected to for so long in all, also anew after a link was lost. It goes on, and can be stopped.
 */
export const isUnanswered = (attempt: Attempt | null, now: number): boolean => {
  if (!attempt || attempt.end !== null) return false;
  if (attempt.stage !== 'find' && attempt.stage !== 'connect') return false;
  const { authenticate = 0, actuate = 0 } = attempt.stageMs;
  return now - attempt.startedAt - authenticate - actuate >= unansweredMs;
};

/** Milliseconds that the whole attempt took, or null when a stage is missing. */
export const totalMs = (attempt: Attempt | null): number | null => {
  if (!attempt) return null;
  const stages = Object.values(attempt.stageMs);
  return stages.length === 0 ? null : stages.reduce((sum, ms) => sum + ms, 0);
};
