/** The backend's own ES256 key, the same for every instance: it signs backend time. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';
import type { Db } from '../store/database.ts';
import type { AtRest } from './at-rest.ts';

export interface BackendKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

const settingName = 'backend key';

/** Loads it, or makes it at the very first start. Throws when it was encrypted under another master secret. */
export const openBackendKey = async (db: Db, tenantId: string, atRest: AtRest): Promise<BackendKey> => {
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
