/** What the kiosk signs to prove itself to the backend (RFC 7523). */
import type { KeyObject } from 'node:crypto';
import { CompactSign, SignJWT } from 'jose';
import { assertionLifetimeSeconds } from '#shared/http/contract.ts';

export interface AssertionOf {
  readonly kioskId: string;
  readonly audience: string;
  readonly jti: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

export const signAssertion = (key: KeyObject, { kioskId, audience, jti, now, claims }: AssertionOf) => {
  const issuedAt = Math.floor(now / 1000);
  return (
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer(kioskId)
      .setSubject(kioskId)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      // A margin, so that a kiosk whose clock is a little ahead is not told that its assertion is valid for too long.
      .setExpirationTime(issuedAt + assertionLifetimeSeconds - 30)
      .setJti(jti)
      .sign(key)
  );
};

/** Its type keeps it from being taken for an assertion, or for a statement of another kind. */
export const signStatement = (key: KeyObject, type: string, content: string): Promise<string> =>
  new CompactSign(Buffer.from(content)).setProtectedHeader({ alg: 'ES256', typ: type }).sign(key);
