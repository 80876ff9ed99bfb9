/** Kiosks prove themselves with a signed assertion (RFC 7523) and get a short-lived token that any instance can check. */
import { jwtVerify, SignJWT } from 'jose';
import { sql } from 'kysely';
import { z } from 'zod';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { tokenAudience } from '#shared/http/contract.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import type { Db } from '../store/database.ts';
import { refusingInvalid, type Assertions, type ProvenKiosk } from './assertions.ts';

export interface KioskOfStore {
  readonly kioskId: string;
  readonly storeId: string;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresIn: number;
  /** Whether the kiosk is to take new keys: an operator asked for it, or they have reached their age. */
  readonly rotateKeys: boolean;
}

export interface Tokens {
  /** Fails with `sync.refused` (assertion not valid, or used before) or `sync.revoked`. */
  issue(assertion: string): Promise<Result<IssuedToken>>;
  /** Who a token belongs to. Says nothing about revocation since it was issued. Fails with `sync.refused`. */
  verify(token: string): Promise<Result<KioskOfStore>>;
}

const tokenSeconds = 900;
const tokenSchema = z.object({ sub: uuidSchema, store: uuidSchema, exp: z.number() });

/** A token of which the signature was checked: it stays right until it lapses, and is not checked with each request. */
interface CheckedToken {
  readonly kiosk: KioskOfStore;
  /** Seconds since the epoch. */
  readonly lapsesAt: number;
}
const mostChecked = 20_000;

export const createTokens = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly assertions: Assertions;
  /** HMAC-SHA-256; the same for all instances. The first signs, each of them verifies. */
  readonly tokenKeys: readonly [Uint8Array, ...Uint8Array[]];
  /** How old a kiosk's keys get. */
  readonly keyLifetimeMs: number;
  now(): number;
}): Tokens => {
  const { db, tenantId } = ports;

  /** The first use of the present key ends the one before. Answers whether the kiosk is to take new ones. */
  const noteKeyUse = async ({ kioskId, signedWith, keys }: ProvenKiosk): Promise<boolean> => {
    if (keys.hasPrevious) {
      await db.transaction().execute(async (tx) => {
        // As with the assertion: a token is not kept from a kiosk because a standby is away. The next use ends the key again.
        await sql`SET LOCAL synchronous_commit TO local`.execute(tx);
        await tx
          .updateTable('kiosks')
          .set({ previous_signing_key: null })
          .where('tenant_id', '=', tenantId)
          .where('kiosk_id', '=', kioskId)
          // In the statement itself: by now it may have become the one before.
          .where(sql<string>`signing_key ->> 'x'`, '=', signedWith.x)
          .execute();
      });
    }
    const isOld = keys.registeredAt <= ports.now() - ports.keyLifetimeMs;
    return isOld || keys.rotationRequestedAt !== null;
  };

  const verifyWith = (token: string, key: Uint8Array): Promise<Result<CheckedToken>> =>
    refusingInvalid(async () => {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: tokenAudience,
        requiredClaims: ['exp'],
        currentDate: new Date(ports.now()),
      });
      const { sub, store, exp } = tokenSchema.parse(payload);
      return ok({ kiosk: { kioskId: sub, storeId: store }, lapsesAt: exp });
    });
  const checked = createBoundedMap<string, CheckedToken>(mostChecked);

  return {
    issue: async (assertion) => {
      const kiosk = await ports.assertions.prove(assertion, tokenAudience);
      if (!kiosk.ok) return kiosk;
      const { kioskId, storeId } = kiosk.value;
      const rotateKeys = await noteKeyUse(kiosk.value);
      const token = await new SignJWT({ store: storeId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(kioskId)
        .setAudience(tokenAudience)
        .setExpirationTime(Math.floor(ports.now() / 1000) + tokenSeconds)
        .sign(ports.tokenKeys[0]);
      return ok({ token, expiresIn: tokenSeconds, rotateKeys });
    },
    verify: async (token) => {
      const known = checked.get(token);
      if (known && known.lapsesAt > Math.floor(ports.now() / 1000)) return ok(known.kiosk);
      const [present, ...before] = ports.tokenKeys;
      let verified = await verifyWith(token, present);
      for (const key of before) if (!verified.ok) verified = await verifyWith(token, key);
      if (!verified.ok) return verified;
      checked.set(token, verified.value);
      return ok(verified.value.kiosk);
    },
  };
};
