/**
 * A kiosk takes new key pairs: it signs for them with the key that it has and with the new one. The old signing key stays
 * good until the new one has been used, so that a lost answer locks nobody out. What is sealed is sealed at each pull, so
 * the new sealing key holds from the next page on.
 */
import { importJWK, jwtVerify } from 'jose';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import {
  keyRotationAudience,
  keyRotationClaimsSchema,
  type PublicJwk,
  type RotateKeysRequest,
} from '#shared/http/contract.ts';
import { isPointOfP256 } from '../keys/sealer.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db } from '../store/database.ts';
import { assertionChecks, refusingInvalid, type Assertions, type ProvenKiosk } from './assertions.ts';

export interface KioskKeyRotation {
  /** Fails with `sync.refused` or `sync.revoked`. Repeating it with the same keys is answered alike. */
  rotate(request: RotateKeysRequest): Promise<Result<null>>;
}

export const createKioskKeyRotation = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly assertions: Assertions;
  readonly logger: Logger;
  now(): number;
}): KioskKeyRotation => {
  const { db, tenantId, assertions, logger } = ports;

  const replace = (kiosk: ProvenKiosk, signingKey: PublicJwk, sealingKey: PublicJwk): Promise<Result<null>> =>
    db.transaction().execute(async (tx) => {
      const held = await tx
        .selectFrom('kiosks')
        .select(['signing_key', 'sealing_key', 'previous_signing_key', 'revoked_at'])
        .where('tenant_id', '=', tenantId)
        .where('kiosk_id', '=', kiosk.kioskId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (held.revoked_at !== null) return fail('sync.revoked');
      if (isSame(held.signing_key, signingKey) && isSame(held.sealing_key, sealingKey)) return ok(null);
      // Looked at again under the lock: of two rotations at the same time the second may have lost its key.
      const [present, before] = [held.signing_key, held.previous_signing_key];
      const isPresent = isSame(present, kiosk.signedWith);
      if (!isPresent && !(before && isSame(before, kiosk.signedWith))) return fail('sync.refused');
      await tx
        .insertInto('former_signing_keys')
        .values({
          tenant_id: tenantId,
          kiosk_id: kiosk.kioskId,
          key: JSON.stringify(present),
          replaced_at: ports.now(),
        })
        .execute();
      await tx
        .updateTable('kiosks')
        .set({
          signing_key: JSON.stringify(signingKey),
          sealing_key: JSON.stringify(sealingKey),
          previous_signing_key: JSON.stringify(kiosk.signedWith),
          keys_registered_at: ports.now(),
          rotation_requested_at: null,
        })
        .where('tenant_id', '=', tenantId)
        .where('kiosk_id', '=', kiosk.kioskId)
        .execute();
      logger.info('kiosk took new keys', { kioskId: kiosk.kioskId });
      return ok(null);
    });

  return {
    rotate: ({ request, proof }) =>
      refusingInvalid(async () => {
        const kiosk = await assertions.prove(request, keyRotationAudience);
        if (!kiosk.ok) return kiosk;
        const { kioskId, jti, claims } = kiosk.value;
        const { signingKey, sealingKey } = keyRotationClaimsSchema.parse(claims);
        if (!isPointOfP256(signingKey) || !isPointOfP256(sealingKey)) return fail('sync.refused');
        const checks = assertionChecks(kioskId, keyRotationAudience, ports.now());
        const proven = await jwtVerify(proof, await importJWK(signingKey, 'ES256'), checks);
        if (proven.payload.jti !== jti) return fail('sync.refused');
        return replace(kiosk.value, signingKey, sealingKey);
      }),
  };
};

const isSame = (a: PublicJwk, b: PublicJwk): boolean => a.x === b.x && a.y === b.y;
