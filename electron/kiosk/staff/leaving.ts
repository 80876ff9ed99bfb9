/**
 * The way out of the kiosk, for who may: they prove once more who they are, and that they left is on the disk before the host ends. What
 * follows is the business of whatever has started it (docs/it-guide.md, "Exit codes").
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { OwnProof } from '#shared/ipc/sign-in-calls.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { duressOf } from './opening.ts';
import type { StaffService } from './staff-service.ts';

export interface Leaving {
  /** `badge.not_yours`: by somebody else's. `kiosk.cannot_leave`: this host has nothing to leave to. */
  leave(staffId: string, proof: OwnProof): Promise<Result<null>>;
}

export interface LeavingOptions {
  readonly staff: Pick<StaffService, 'confirm' | 'signOut'>;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly clock: Pick<Clock, 'after'>;
  /** Ends the host for good; null where it can't. */
  readonly end: (() => void) | null;
}

/** The page has its answer before the host goes. */
const answeredWithinMs = 300;

export const createLeaving = ({ staff, journal, clock, end }: LeavingOptions): Leaving => ({
  leave: async (staffId, proof) => {
    if (end === null) return fail('kiosk.cannot_leave');
    const confirmed = await staff.confirm('pin' in proof ? { staffId, pin: proof.pin } : proof);
    if (!confirmed.ok) return confirmed;
    const { staffId: whose, method, duress } = confirmed.value.approver;
    if (whose !== staffId) return fail('badge.not_yours');
    const circumstances = { method, ...duressOf(duress === true) };
    const recorded = await journal.recordNow({ kind: 'kiosk_left', staffId, circumstances });
    if (!recorded.ok) return recorded;
    await staff.signOut();
    clock.after(answeredWithinMs, end);
    return ok(null);
  },
});
