/** The backend's signed word that a kiosk is revoked: only that has a kiosk erase itself. */
import { CompactSign } from 'jose';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { revocationAudience } from '#shared/http/contract.ts';
import { revocationReasons, revocationType, type SignedRevocation } from '#shared/http/revocation.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import type { Assertions } from './assertions.ts';
import type { KioskIdentity } from './tokens.ts';

export interface Revocation {
  /** Null where the kiosk is not revoked. Fails with `sync.refused`. `journal` is its newest event that was stored. */
  wordFor(assertion: string, nonce: string, journal?: string): Promise<Result<string | null>>;
}

export const createRevocation = (ports: {
  readonly assertions: Assertions;
  readonly backendKey: BackendKey;
  readonly sealingKey: BackendKey;
  readonly holdsEvent: (kiosk: KioskIdentity, journal: string) => Promise<boolean>;
}): Revocation => ({
  wordFor: async (assertion, nonce, journal) => {
    const proven = await ports.assertions.proveAny(assertion, revocationAudience);
    if (!proven.ok) return proven;
    const { kioskId, storeId, revokedAt, revokedReason } = proven.value;
    if (revokedAt === null) return ok(null);
    const isLost = journal !== undefined && !(await ports.holdsEvent({ kioskId, storeId }, journal));
    const word: SignedRevocation = {
      ...{ purpose: 'revocation', kioskId, nonce, revokedAt },
      // Null where it was revoked by an earlier release.
      reason: revocationReasons.find((reason) => reason === revokedReason) ?? 'unspecified',
      sealingKey: ports.sealingKey.publicJwk,
      ...(isLost ? { journalLost: true } : {}),
    };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(word)))
      .setProtectedHeader({ alg: 'ES256', typ: revocationType })
      .sign(ports.backendKey.privateKey);
    return ok(signed);
  },
});
