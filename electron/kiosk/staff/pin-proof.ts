/** Whether that is a PIN of this person's: counted, locked out and recorded, whoever asks for what. */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { ProofPurpose } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { attemptsLeft } from './lockout.ts';
import type { Lockouts } from './lockouts.ts';
import { duressOf } from './opening.ts';
import { provePin } from './pin.ts';

export interface ProvenPerson {
  readonly person: StaffDocument;
  /** By their duress PIN. */
  readonly forced: boolean;
}

export interface PinProofOptions {
  readonly people: () => readonly StaffDocument[];
  /** Whether people may have a duress PIN. */
  readonly mayBeForced: () => boolean;
  readonly lockouts: Lockouts;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * A person who was refused, in the journal. `forced`: after their duress PIN, which is told also where nothing comes of it; whoever had
 * typed the other is refused by the same event. `purpose`: what they had proved themselves for; left out: to sign in.
 */
export const recordRefusal = async (
  journal: Pick<Journal, 'record'>,
  staffId: string,
  error: AppError,
  {
    forced = false,
    purpose,
  }: { readonly forced?: boolean; readonly purpose?: ProofPurpose | undefined } = {},
): Promise<Result<never>> => {
  const circumstances = duressOf(forced);
  await journal.record({ kind: 'sign_in_refused', staffId, errorCode: error.code, purpose, circumstances });
  return { ok: false, error };
};

/**
 * To be asked one at a time. Answers with the person as they are on the list. Errors: `staff.unknown`, `staff.locked_out`,
 * `staff.wrong_pin`; `storage.*` where the try could not be counted.
 */
export const createPinProof = (options: PinProofOptions) => {
  const { people, mayBeForced, lockouts, journal, clock } = options;
  const lockedOut = (lockedMs: number): AppError => ({
    code: 'staff.locked_out',
    params: { until: Math.ceil(clock.now() + lockedMs) },
  });

  return async (staffId: string, pin: string, purpose?: ProofPurpose): Promise<Result<ProvenPerson>> => {
    const person = people().find((candidate) => candidate.staffId === staffId);
    if (!person) return fail('staff.unknown');
    const { lockedMs } = lockouts.of(staffId);
    if (lockedMs > 0) return { ok: false, error: lockedOut(lockedMs) };
    // A guess that could not be counted would be free again after each restart, so it is not judged.
    const counted = await lockouts.countTry(staffId);
    if (!counted.ok) return counted;
    const proof = await provePin(person, mayBeForced(), pin);
    if (proof !== 'wrong') {
      await lockouts.clear(staffId);
      // Judging takes a while: whoever was taken off the list meanwhile, or has another PIN now, is not who was asked for.
      const isStill = people().some((one) => one.staffId === staffId && one.pin.hash === person.pin.hash);
      const forced = proof === 'duress';
      return isStill
        ? ok({ person, forced })
        : recordRefusal(journal, staffId, { code: 'staff.unknown', params: {} }, { forced, purpose });
    }
    lockouts.wasWrong();
    const after = lockouts.of(staffId);
    return recordRefusal(
      journal,
      staffId,
      after.lockedMs > 0
        ? lockedOut(after.lockedMs)
        : { code: 'staff.wrong_pin', params: { attemptsLeft: attemptsLeft(after) } },
      { purpose },
    );
  };
};
