/** The backend's signed word that a kiosk is revoked: only that has a kiosk erase itself. */
import { CompactSign } from 'jose';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { revocationAudience } from '#shared/http/contract.ts';
import { revocationType, type SignedRevocation } from '#shared/http/revocation.ts';
import { revocationReasons } from '#shared/models/revocation-reason.ts';
import type { BackendKey } from '../keys/backend-key.ts';
import type { Assertions } from './assertions.ts';
import type { KioskOfStore } from './tokens.ts';

export interface RevocationWords {
  /** Null where the kiosk is not revoked. Fails with `sync.refused`. */
  wordFor(assertion: string, nonce: string, claims: Claims): Promise<Result<string | null>>;
}

/** What the kiosk remembers of the backend: its newest event that was stored, and the newest point of the store's history. */
interface Claims {
  readonly journal?: string | undefined;
  readonly seen?: string | undefined;
}

export const createRevocation = (ports: {
  readonly assertions: Assertions;
  readonly backendKey: BackendKey;
  readonly sealingKey: BackendKey;
  readonly holdsEvent: (kiosk: KioskOfStore, journal: string) => Promise<boolean>;
  readonly wasAt: (kiosk: KioskOfStore, point: string) => Promise<boolean>;
}): RevocationWords => ({
  wordFor: async (assertion, nonce, { journal, seen }) => {
    const proven = await ports.assertions.proveAny(assertion, revocationAudience);
    if (!proven.ok) return proven;
    const { kioskId, storeId, revokedAt, revokedReason } = proven.value;
    if (revokedAt === null) return ok(null);
    const kiosk = { kioskId, storeId };
    const isLost = journal !== undefined && !(await ports.holdsEvent(kiosk, journal));
    const isOther = seen !== undefined && !(await ports.wasAt(kiosk, seen));
    const word: SignedRevocation = {
      purpose: 'revocation',
      kioskId,
      nonce,
      revokedAt,
      // Null where it was revoked by an earlier release.
      reason: revocationReasons.find((reason) => reason === revokedReason) ?? 'unspecified',
      sealingKey: ports.sealingKey.publicJwk,
      ...(isLost ? { journalLost: true } : {}),
      ...(isOther ? { otherHistory: true } : {}),
    };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(word)))
      .setProtectedHeader({ alg: 'ES256', typ: revocationType })
      .sign(ports.backendKey.privateKey);
    return ok(signed);
  },
});
