/** Who it is whose badge was presented, or why it proves nothing. */
import { createHmac, randomBytes } from 'node:crypto';
import { sameReadMs } from '#shared/badges/same-read.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { ProofPurpose } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { StaffBadges } from './badges.ts';
import type { Lockouts } from './lockouts.ts';

export interface ProvenBadge {
  readonly person: StaffDocument;
  readonly hash: string;
}

/**
 * So many badges that nobody knows are taken within this time, at the kiosk; then none is for the rest of it. While somebody is signed in
 * they are counted by themselves: what is scanned at work, and is no badge, keeps nobody from signing in.
 */
export const mostUnknown = 10;
export const unknownWithinMs = 5 * 60_000;

export interface BadgeProofOptions {
  readonly badges: Pick<StaffBadges, 'find'>;
  readonly personOf: (staffId: string) => StaffDocument | undefined;
  readonly lockouts: Pick<Lockouts, 'of'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Clock;
}

/**
 * Errors: `badge.unreadable`, `badge.no_key`, `badge.of_two`, `badge.unknown`, `badge.blocked`, `badge.paused` {until}; `staff.locked_out` {until} of
 * somebody who is paused after wrong PINs. What is refused is in the journal, once where a reader sends it twice; of a badge that nobody knows
 * that there was one.
 */
export const createBadgeProof = (options: BadgeProofOptions) => {
  const { badges, personOf, lockouts, journal, clock } = options;
  /** When unknown badges came, in time that nobody can set. */
  const unknownAt: Record<'signed_in' | 'signed_out', readonly number[]> = { signed_in: [], signed_out: [] };

  /** What was told last, and of which reading: by a mark that nobody can read. */
  let lastTold: { readonly mark: string; readonly what: string; readonly at: number } | null = null;
  const key = randomBytes(32);
  const markOf = (read: string): string => createHmac('sha256', key).update(read).digest('base64');

  return async (read: string, isSignedIn: boolean, purpose?: ProofPurpose): Promise<Result<ProvenBadge>> => {
    const now = clock.sinceBoot();
    const told = lastTold;
    const mark = markOf(read);
    const isAgain = (code: ErrorCode): boolean =>
      told?.mark === mark && told.what === `${code} ${purpose ?? ''}` && now - told.at < sameReadMs;
    const refused = async (errorCode: ErrorCode, staffId: string | null = null): Promise<void> => {
      if (isAgain(errorCode)) return;
      lastTold = { mark, what: `${errorCode} ${purpose ?? ''}`, at: now };
      await journal.record({ kind: 'sign_in_refused', staffId, errorCode, purpose });
    };
    const at = isSignedIn ? 'signed_in' : 'signed_out';
    unknownAt[at] = unknownAt[at].filter((time) => now - time < unknownWithinMs);
    const [first] = unknownAt[at];
    if (first !== undefined && unknownAt[at].length >= mostUnknown)
      return fail('badge.paused', { until: Math.ceil(clock.now() + unknownWithinMs - (now - first)) });
    const found = await badges.find(read);
    if (!found.ok) {
      // The back office reads it in the journal.
      if (found.error.code === 'badge.of_two') await refused('badge.of_two');
      return found;
    }
    const badge = found.value;
    const person = badge ? personOf(badge.staffId) : undefined;
    if (!badge || !person) {
      if (!isAgain('badge.unknown')) unknownAt[at] = [...unknownAt[at], now];
      await refused('badge.unknown');
      return fail('badge.unknown');
    }
    const { staffId, hash } = badge;
    if (badge.blocked) {
      await refused('badge.blocked', staffId);
      return fail('badge.blocked');
    }
    const { lockedMs } = lockouts.of(staffId);
    if (lockedMs > 0) return fail('staff.locked_out', { until: Math.ceil(clock.now() + lockedMs) });
    return ok({ person, hash });
  };
};
