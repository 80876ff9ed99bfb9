/** The backend's signed word that a kiosk is revoked: only that has a kiosk erase itself. */
import { CompactSign } from 'jose';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { revocationAudience } from '#shared/http/contract.ts';
import { revocationReasons, revocationType, type SignedRevocation } from '#shared/http/revocation.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import type { Assertions } from './assertions.ts';

export interface Revocation {
  /** Null where the kiosk is not revoked. Fails with `sync.refused`. */
  wordFor(assertion: string, nonce: string): Promise<Result<string | null>>;
}

export const createRevocation = (ports: {
  readonly assertions: Assertions;
  readonly backendKey: BackendKey;
  readonly sealingKey: BackendKey;
}): Revocation => ({
  wordFor: async (assertion, nonce) => {
    const proven = await ports.assertions.proveAny(assertion, revocationAudience);
    if (!proven.ok) return proven;
    const { kioskId, revokedAt, revokedReason } = proven.value;
    if (revokedAt === null) return ok(null);
    const word: SignedRevocation = {
      ...{ purpose: 'revocation', kioskId, nonce, revokedAt },
      // Null where it was revoked by an earlier release.
      reason: revocationReasons.find((reason) => reason === revokedReason) ?? 'unspecified',
      sealingKey: ports.sealingKey.publicJwk,
    };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(word)))
      .setProtectedHeader({ alg: 'ES256', typ: revocationType })
      .sign(ports.backendKey.privateKey);
    return ok(signed);
  },
});
