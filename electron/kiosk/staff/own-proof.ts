/** Whoever is signed in proves once more who they are, for one thing that they do. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { OwnProof } from '#shared/ipc/sign-in-calls.ts';
import type { Circumstances, ProofPurpose } from '#shared/models/access-event.ts';
import { duressOf } from './opening.ts';
import type { StaffService } from './staff-service.ts';

export interface OwnProven {
  /** By their duress PIN, now or when they signed in: whoever forced them is still there. */
  readonly forced: boolean;
  /** As it stands in the event of what they do. */
  readonly circumstances: Circumstances;
}

/** Errors: those of a PIN or a badge; `badge.not_yours` by somebody else's. */
export const proveOwn = async (
  staff: Pick<StaffService, 'confirm' | 'isForced'>,
  staffId: string,
  proof: OwnProof,
  purpose: ProofPurpose,
): Promise<Result<OwnProven>> => {
  const before = staff.isForced();
  const confirmed = await staff.confirm('pin' in proof ? { staffId, pin: proof.pin } : proof, purpose);
  if (!confirmed.ok) return confirmed;
  const { staffId: whose, method, duress } = confirmed.value.approver;
  if (whose !== staffId) return fail('badge.not_yours');
  const forced = before || duress === true;
  return ok({ forced, circumstances: { method, ...duressOf(forced) } });
};
