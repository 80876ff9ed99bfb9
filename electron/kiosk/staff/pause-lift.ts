/** Whoever is paused after wrong PINs is let in again by somebody who may, with their own PIN, at the same screen. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Judge, Person } from './judge.ts';
import type { Lockouts } from './lockouts.ts';
import { approverOf } from './opening.ts';

export interface PauseLift {
  /** Who may lift this person's pause now: never that person. */
  whoMay(staffId: string): Person[];
  /**
   * Durable when ok, with its event before it. Errors: those of `verify`, for whoever lifts; `rights.same_person`,
   * `rights.not_permitted` and what else refuses them; `storage.*` where the disk takes no event.
   */
  lift(staffId: string, by: { readonly staffId: string; readonly pin: string }): Promise<Result<null>>;
}

export interface ProvenPerson {
  readonly person: StaffDocument;
  /** By their duress PIN. */
  readonly forced: boolean;
}

export interface PauseLiftOptions {
  readonly lockouts: Pick<Lockouts, 'of' | 'clear'>;
  readonly judge: Pick<Judge, 'refusal' | 'isSet' | 'whoMay'>;
  readonly journal: Pick<Journal, 'record' | 'recordNow'>;
  readonly isMember: (staffId: string) => boolean;
  /** Counts and locks out as at sign-in. */
  readonly verify: (staffId: string, pin: string) => Promise<Result<ProvenPerson>>;
}

export const createPauseLift = (options: PauseLiftOptions): PauseLift => {
  const { lockouts, judge, journal, isMember, verify } = options;

  return {
    whoMay: (staffId) => judge.whoMay('lift_pause', '').filter((one) => one.staffId !== staffId),
    lift: async (staffId, by) => {
      if (!isMember(staffId)) return fail('staff.unknown');
      if (by.staffId === staffId) return fail('rights.same_person');
      const lifter = await verify(by.staffId, by.pin);
      if (!lifter.ok) return lifter;
      const refused = judge.refusal(by.staffId, 'lift_pause', null);
      if (refused) {
        // A backend that has set none may be one that does not know this reason.
        if (judge.isSet(by.staffId))
          await journal.record({ kind: 'sign_in_refused', staffId: by.staffId, errorCode: refused.code });
        return { ok: false, error: refused };
      }
      if (lockouts.of(staffId).wrong === 0) return ok(null);
      const approver = approverOf(by.staffId, 'pin', lifter.value.forced);
      const recorded = await journal.recordNow({
        kind: 'pause_lifted',
        staffId,
        circumstances: { approver },
      });
      if (!recorded.ok) return recorded;
      await lockouts.clear(staffId);
      return ok(null);
    },
  };
};
