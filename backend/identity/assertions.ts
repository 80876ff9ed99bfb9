/** Checks what kiosks sign to prove themselves: client assertions (RFC 7523), each good once and for one purpose. */
import { decodeJwt, errors, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { assertionLifetimeSeconds, type PublicJwk } from '#shared/http/contract.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import type { Db } from '../store/database.ts';
import { createAssertionRows } from './assertion-rows.ts';
import { formerKeysOf } from './former-keys.ts';

export interface ProvenKiosk {
  readonly kioskId: string;
  readonly storeId: string;
  readonly jti: string;
  readonly claims: unknown;
  /** The key that it was signed with: the kiosk's present one, or the one before that is still good. */
  readonly signedWith: PublicJwk;
  /** As they stood when it was checked. */
  readonly keys: KeyStanding;
}

export interface KeyStanding {
  readonly hasPrevious: boolean;
  readonly registeredAt: number;
  readonly rotationRequestedAt: number | null;
}

/** One that may be revoked. */
export interface KnownKiosk extends ProvenKiosk {
  readonly revokedAt: number | null;
  readonly revokedReason: string | null;
}

export interface Assertions {
  /** Spends the assertion. Fails with `sync.refused` (not valid, or used before) or `sync.revoked`. */
  prove(assertion: string, audience: string): Promise<Result<ProvenKiosk>>;
  /**
   * The same for a kiosk that may be revoked: for what is said to such a one. A revoked kiosk's copy that missed a change of keys
   * proves itself here with a key that the kiosk had before. Fails with `sync.refused`.
   */
  proveAny(assertion: string, audience: string): Promise<Result<KnownKiosk>>;
}

const clockToleranceSeconds = 30;
/** PostgreSQL has no text with a NUL in it. */
const takeable = /^[^\0]*$/;
const claimsSchema = z.looseObject({ jti: z.string().min(8).max(128).regex(takeable), exp: z.number() });

/** What every signature of a kiosk is checked with. */
export const assertionChecks = (kioskId: string, audience: string, now: number) => ({
  algorithms: ['ES256'],
  issuer: kioskId,
  subject: kioskId,
  audience,
  requiredClaims: ['exp', 'jti'],
  clockTolerance: clockToleranceSeconds,
  currentDate: new Date(now),
});

export const createAssertions = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): Assertions => {
  const { db, tenantId } = ports;
  const { kioskOf, rememberUse } = createAssertionRows(db, tenantId);

  const check = async (
    assertion: string,
    audience: string,
    mayBeRevoked: boolean,
  ): Promise<Result<KnownKiosk>> => {
    const claimed = uuidSchema.safeParse(decodeJwt(assertion).iss).data;
    if (claimed === undefined) return fail('sync.refused');
    const kiosk = await kioskOf(claimed);
    if (!kiosk) return fail('sync.refused');
    const checks = assertionChecks(claimed, audience, ports.now());
    const mayBeCopy = mayBeRevoked && kiosk.revoked_at !== null;
    const former = mayBeCopy ? await formerKeysOf(db, tenantId, kiosk.kiosk_id) : [];
    const keys = [kiosk.signing_key, kiosk.previous_signing_key, ...former];
    const verified = await verifyWithAny(assertion, keys, checks);
    const claims = claimsSchema.parse(verified.payload);
    const latest = ports.now() / 1000 + assertionLifetimeSeconds + clockToleranceSeconds;
    if (claims.exp > latest) return fail('sync.refused');
    // Only the kiosk itself learns that it is revoked: its signature has been checked.
    if (kiosk.revoked_at !== null && !mayBeRevoked) return fail('sync.revoked');
    const inserted = await rememberUse({
      store_id: kiosk.store_id,
      kiosk_id: claimed,
      jti: claims.jti,
      expires_at: Math.ceil((claims.exp + clockToleranceSeconds) * 1000),
    });
    if (!inserted) return fail('sync.refused');
    return ok({
      // As the database writes it: a UUID may come in capitals, and is counted, remembered and revoked by its text.
      kioskId: kiosk.kiosk_id,
      storeId: kiosk.store_id,
      jti: claims.jti,
      claims: verified.payload,
      signedWith: verified.key,
      keys: {
        hasPrevious: kiosk.previous_signing_key !== null,
        registeredAt: kiosk.keys_registered_at,
        rotationRequestedAt: kiosk.rotation_requested_at,
      },
      revokedAt: kiosk.revoked_at,
      revokedReason: kiosk.revoked_reason,
    });
  };

  return {
    prove: (assertion, audience) => refusingInvalid(() => check(assertion, audience, false)),
    proveAny: (assertion, audience) => refusingInvalid(() => check(assertion, audience, true)),
  };
};

const verifyWithAny = async (
  assertion: string,
  keys: readonly (PublicJwk | null)[],
  checks: ReturnType<typeof assertionChecks>,
): Promise<{ readonly payload: unknown; readonly key: PublicJwk }> => {
  const [key, ...others] = keys.filter((each) => each !== null);
  if (!key) throw new errors.JWSSignatureVerificationFailed();
  try {
    const { payload } = await jwtVerify(assertion, await importJWK(key, 'ES256'), checks);
    return { payload, key };
  } catch (failure) {
    if (failure instanceof errors.JWSSignatureVerificationFailed && others.length > 0) {
      return verifyWithAny(assertion, others, checks);
    }
    throw failure;
  }
};

/** Whatever is wrong with a token, its sender learns only that it is refused. A failing database is still an error. */
export const refusingInvalid = async <T>(check: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await check();
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof z.ZodError) return fail('sync.refused');
    throw thrown;
  }
};
