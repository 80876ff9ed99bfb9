/** Somebody confirms what another does, or does one thing, by a PIN or a badge of theirs, without being signed in by it. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Approval } from '#shared/ipc/sign-in-calls.ts';
import type { ProofPurpose } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { createBadgeProof } from './badge-proof.ts';
import type { StaffBadges } from './badges.ts';
import { approverOf, type Confirmed } from './opening.ts';
import type { createPinProof } from './pin-proof.ts';

export interface ConfirmOptions {
  readonly verifyPin: ReturnType<typeof createPinProof>;
  readonly proveBadge: ReturnType<typeof createBadgeProof>;
  readonly badges: Pick<StaffBadges, 'isActive'>;
  readonly personOf: (staffId: string) => StaffDocument | undefined;
  readonly isSignedIn: () => boolean;
}

/** Errors: those of a PIN or a badge. To be asked one at a time. */
export const createConfirm =
  ({ verifyPin, proveBadge, badges, personOf, isSignedIn }: ConfirmOptions) =>
  async (proof: Approval, purpose: ProofPurpose): Promise<Result<Confirmed>> => {
    if ('pin' in proof) {
      const { staffId, pin } = proof;
      const proven = await verifyPin(staffId, pin, purpose);
      if (!proven.ok) return proven;
      const { person, forced } = proven.value;
      const holds = (): boolean => personOf(staffId)?.pin.hash === person.pin.hash;
      return ok({ approver: approverOf(staffId, 'pin', forced), holds });
    }
    const proven = await proveBadge(proof.read, isSignedIn(), purpose);
    if (!proven.ok) return proven;
    const { person, hash } = proven.value;
    const holds = (): boolean => badges.isActive(person.staffId, hash);
    return ok({ approver: approverOf(person.staffId, 'badge', false), holds });
  };
