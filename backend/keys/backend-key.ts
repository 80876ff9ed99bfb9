/** The backend's own key pairs, the same for every instance: one signs (ES256), to the other revoked kiosks seal. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';
import type { Db } from '../store/database.ts';
import type { AtRest } from './at-rest.ts';

export interface BackendKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

/** Loads it, or makes it at the very first start. Throws when it was encrypted under another master secret. */
const openKey = async (
  db: Db,
  tenantId: string,
  atRest: AtRest,
  settingName: string,
): Promise<BackendKey> => {
  const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const context = `${tenantId} ${settingName}`;
  // Two instances may both be first: the one that inserts wins, and both read the winner's.
  await db
    .insertInto('tenant_settings')
    .values({
      tenant_id: tenantId,
      name: settingName,
      value: atRest.encrypt(fresh.export({ format: 'der', type: 'pkcs8' }), context),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { value } = await db
    .selectFrom('tenant_settings')
    .select('value')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', settingName)
    .executeTakeFirstOrThrow();
  const privateKey = createPrivateKey({ key: atRest.decrypt(value, context), format: 'der', type: 'pkcs8' });
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicJwk: publicJwkSchema.parse({ kty, crv, x, y }) };
};

/** Signs backend time and revocations. Kiosks know it since their registration. */
export const openBackendKey = (db: Db, tenantId: string, atRest: AtRest): Promise<BackendKey> =>
  openKey(db, tenantId, atRest, 'backend key');

/** Opens what revoked kiosks leave. They learn it from their revocation. */
export const openSealingKey = (db: Db, tenantId: string, atRest: AtRest): Promise<BackendKey> =>
  openKey(db, tenantId, atRest, 'sealing key for last words');
