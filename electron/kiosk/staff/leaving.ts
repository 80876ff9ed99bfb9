/**
 * The way out of the kiosk, for who may: they prove once more who they are, and that they left is on the disk before the host ends. What
 * follows is the business of whatever has started it (docs/it-guide.md, "Exit codes").
 */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { OwnProof } from '#shared/ipc/sign-in-calls.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Judge } from './judge.ts';
import { proveOwn } from './own-proof.ts';
import { recordRefusal } from './pin-proof.ts';
import type { StaffService } from './staff-service.ts';

export interface Leaving {
  /**
   * `there`: aborted once that person is not signed in any more, or nobody hears the answer; from then on nothing comes of it. Errors:
   * `badge.not_yours` by somebody else's; `kiosk.cannot_leave` where this host has nothing to leave to; `staff.not_signed_in`; `rights.*`
   * where they may not any more.
   */
  leave(staffId: string, proof: OwnProof, there: AbortSignal): Promise<Result<null>>;
}

export interface LeavingOptions {
  readonly staff: Pick<StaffService, 'confirm' | 'isForced' | 'signOut'>;
  readonly judge: Pick<Judge, 'refusal'>;
  readonly journal: Pick<Journal, 'record' | 'recordNow'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Ends the host for good; null where it can't. */
  readonly end: (() => void) | null;
}

/** The page has its answer before the host goes. */
const answeredWithinMs = 300;

export const createLeaving = ({ staff, judge, journal, clock, end }: LeavingOptions): Leaving => ({
  leave: async (staffId, proof, there) => {
    if (end === null) return fail('kiosk.cannot_leave');
    const proven = await proveOwn(staff, staffId, proof, 'leave');
    if (!proven.ok) return proven;
    const { forced, circumstances } = proven.value;
    const asked = { forced, purpose: 'leave' as const };
    const refused: AppError | null = there.aborted
      ? { code: 'staff.not_signed_in', params: {} }
      : judge.refusal(staffId, 'leave_kiosk', null);
    if (refused) return recordRefusal(journal, staffId, refused, asked);
    const recorded = await journal.recordNow({ kind: 'kiosk_left', staffId, circumstances });
    if (!recorded.ok) return recordRefusal(journal, staffId, recorded.error, asked);
    await staff.signOut();
    clock.after(answeredWithinMs, end);
    return ok(null);
  },
});
