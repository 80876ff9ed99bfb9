/** Whoever is paused after wrong PINs is let in again by somebody who may, with their own PIN or badge, at the same screen. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Approval } from '#shared/ipc/sign-in-calls.ts';
import type { Journal } from '../journal/journal.ts';
import type { Judge, Person } from './judge.ts';
import type { Lockouts } from './lockouts.ts';
import type { Confirmed } from './opening.ts';
import { recordRefusal } from './pin-proof.ts';

export interface PauseLift {
  /** Who may lift this person's pause now: never that person. */
  whoMay(staffId: string): Person[];
  /**
   * Durable when ok, with its event before it. Errors: those of `confirm`, for whoever lifts; `rights.same_person`,
   * `rights.not_permitted` and what else refuses them; `storage.*` where the disk takes no event.
   */
  lift(staffId: string, by: Approval): Promise<Result<null>>;
}

export interface PauseLiftOptions {
  readonly lockouts: Pick<Lockouts, 'clear'>;
  readonly judge: Pick<Judge, 'refusal' | 'whoMay'>;
  readonly journal: Pick<Journal, 'record' | 'recordNow'>;
  readonly isMember: (staffId: string) => boolean;
  /** Whether the backend takes events that say that this person may not. */
  readonly knowsRights: (staffId: string) => boolean;
  /** Counts and locks out as at sign-in. */
  readonly confirm: (by: Approval, purpose: 'lift_pause') => Promise<Result<Confirmed>>;
}

export const createPauseLift = (options: PauseLiftOptions): PauseLift => {
  const { lockouts, judge, journal, isMember, knowsRights, confirm } = options;

  return {
    whoMay: (staffId) => judge.whoMay('lift_pause', '').filter((one) => one.staffId !== staffId),
    lift: async (staffId, by) => {
      if (!isMember(staffId)) return fail('staff.unknown');
      if ('pin' in by && by.staffId === staffId) return fail('rights.same_person');
      const lifter = await confirm(by, 'lift_pause');
      if (!lifter.ok) return lifter;
      const { approver } = lifter.value;
      const asked = { forced: approver.duress === true, purpose: 'lift_pause' as const };
      if (approver.staffId === staffId) return fail('rights.same_person');
      const refused = judge.refusal(approver.staffId, 'lift_pause', null);
      if (refused) {
        // A backend that has set none may be one that does not know this reason.
        if (knowsRights(approver.staffId)) await recordRefusal(journal, approver.staffId, refused, asked);
        return { ok: false, error: refused };
      }
      // Also where the pause was over by then: that they did it, and how they proved it, is told.
      const recorded = await journal.recordNow({
        kind: 'pause_lifted',
        staffId,
        circumstances: { approver },
      });
      if (!recorded.ok) return recordRefusal(journal, approver.staffId, recorded.error, asked);
      await lockouts.clear(staffId);
      return ok(null);
    },
  };
};
