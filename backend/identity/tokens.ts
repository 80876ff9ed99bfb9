/** Kiosks prove themselves with a signed assertion (RFC 7523) and get a short-lived token that any instance can check. */
import { jwtVerify, SignJWT, decodeJwt, importJWK, errors } from 'jose';
import { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { assertionLifetimeSeconds, tokenAudience } from '#shared/http/contract.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import type { Db } from '../store/database.ts';

export interface KioskIdentity {
  readonly kioskId: string;
  readonly storeId: string;
}

export interface Tokens {
  /** Fails with `sync.refused` (assertion not valid, or used before) or `sync.revoked`. */
  issue(assertion: string): Promise<Result<{ readonly token: string; readonly expiresIn: number }>>;
  /** Who a token belongs to. Says nothing about revocation since it was issued. Fails with `sync.refused`. */
  verify(token: string): Promise<Result<KioskIdentity>>;
}

const tokenSeconds = 900;
const clockToleranceSeconds = 30;
const assertionSchema = z.object({
  sub: uuidSchema,
  jti: z.string().min(8).max(128),
  exp: z.number(),
  iat: z.number().optional(),
});
const tokenSchema = z.object({ sub: uuidSchema, store: uuidSchema });

export const createTokens = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  /** Signs the tokens (HMAC-SHA-256); the same for all instances. */
  readonly tokenKey: Uint8Array;
  now(): number;
}): Tokens => {
  const { db, tenantId } = ports;

  const verifyAssertion = async (assertion: string): Promise<Result<KioskIdentity>> => {
    const claimed = uuidSchema.safeParse(decodeJwt(assertion).iss).data;
    if (claimed === undefined) return fail('sync.refused');
    const kiosk = await db
      .selectFrom('kiosks')
      .select(['store_id', 'signing_key', 'revoked_at'])
      .where('tenant_id', '=', tenantId)
      .where('kiosk_id', '=', claimed)
      .executeTakeFirst();
    if (!kiosk) return fail('sync.refused');
    const { payload } = await jwtVerify(assertion, await importJWK(kiosk.signing_key, 'ES256'), {
      algorithms: ['ES256'],
      issuer: claimed,
      subject: claimed,
      audience: tokenAudience,
      requiredClaims: ['exp', 'jti'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(ports.now()),
    });
    const claims = assertionSchema.parse(payload);
    const latest = ports.now() / 1000 + assertionLifetimeSeconds + clockToleranceSeconds;
    if (claims.exp > latest) return fail('sync.refused');
    // Only the kiosk itself learns that it is revoked: its signature has been checked.
    if (kiosk.revoked_at !== null) return fail('sync.revoked');
    const inserted = await db
      .insertInto('used_assertions')
      .values({
        tenant_id: tenantId,
        store_id: kiosk.store_id,
        kiosk_id: claimed,
        jti: claims.jti,
        expires_at: Math.ceil((claims.exp + clockToleranceSeconds) * 1000),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return fail('sync.refused');
    return ok({ kioskId: claimed, storeId: kiosk.store_id });
  };

  return {
    issue: async (assertion) => {
      const kiosk = await refusingInvalid(() => verifyAssertion(assertion));
      if (!kiosk.ok) return kiosk;
      const token = await new SignJWT({ store: kiosk.value.storeId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(kiosk.value.kioskId)
        .setAudience(tokenAudience)
        .setExpirationTime(Math.floor(ports.now() / 1000) + tokenSeconds)
        .sign(ports.tokenKey);
      return ok({ token, expiresIn: tokenSeconds });
    },
    verify: (token) =>
      refusingInvalid(async () => {
        const { payload } = await jwtVerify(token, ports.tokenKey, {
          algorithms: ['HS256'],
          audience: tokenAudience,
          requiredClaims: ['exp'],
          currentDate: new Date(ports.now()),
        });
        const { sub, store } = tokenSchema.parse(payload);
        return ok({ kioskId: sub, storeId: store });
      }),
  };
};

/** Whatever is wrong with a token, its sender learns only that it is refused. A failing database is still an error. */
const refusingInvalid = async <T>(check: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await check();
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof z.ZodError) return fail('sync.refused');
    throw thrown;
  }
};
