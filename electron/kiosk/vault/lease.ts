/** The offline lease: for how long after the last contact to the backend the kiosk still opens locks. */
import type { IntermediateDocument, StoreDocument, TrustDocument } from '#shared/models/documents.ts';

const hourMs = 3_600_000;

/** When the lease runs out; null when none was ever given (no contact yet, or the policy has not arrived). */
export const leaseUntil = (store: StoreDocument | null, lastContactAt: number | null): number | null =>
  store === null || lastContactAt === null ? null : lastContactAt + store.policy.offlineLeaseHours * hourMs;

export type IntermediateChoice =
  | {
      readonly kind: 'valid';
      readonly document: IntermediateDocument;
      /** Another valid one that began earlier: for a lock whose clock is behind, and that takes no lesson from the later one. */
      readonly earlier: IntermediateDocument | null;
    }
  | { readonly kind: 'expired'; readonly expiredAt: number }
  | { readonly kind: 'missing' };

/**
 * Of this owner's intermediates that are inside their validity at `now`, the one that lasts longest. One that has not begun is
 * not chosen (row 10 of docs/link.md): a lock would believe that it has, and its clock never goes back.
 */
export const chooseIntermediate = (
  trust: readonly TrustDocument[],
  owner: string,
  now: number,
): IntermediateChoice => {
  const own = trust
    .filter((document) => document.kind === 'intermediate')
    .filter((document) => document.owner === owner);
  const lastsLongest = (a: IntermediateDocument, b: IntermediateDocument): number => b.notAfter - a.notAfter;
  const [document, ...others] = own
    .filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
    .sort(lastsLongest);
  if (document) {
    const [earliest] = others.sort((a, b) => a.notBefore - b.notBefore);
    const isEarlier = earliest !== undefined && earliest.notBefore < document.notBefore;
    return { kind: 'valid', document, earlier: isEarlier ? earliest : null };
  }
  const lapsed = own.filter(({ notAfter }) => notAfter <= now).sort(lastsLongest)[0];
  return lapsed ? { kind: 'expired', expiredAt: lapsed.notAfter } : { kind: 'missing' };
};

/** Until when locks open without any contact: whichever ends first. */
export const opensOfflineUntil = (lease: number | null, intermediate: IntermediateChoice): number | null =>
  lease === null || intermediate.kind !== 'valid' ? null : Math.min(lease, intermediate.document.notAfter);
