/** The backend's own key pairs, the same for every instance: one signs (ES256), to the other revoked kiosks seal. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AppFailure } from '#shared/errors/app-error.ts';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';
import type { Db } from '../store/database.ts';
import { pinSetting } from '../store/settings.ts';
import type { AtRest } from './at-rest.ts';

export interface BackendKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
  /** Whether it took the secret before the present one to open it. */
  readonly isUnderPrevious: boolean;
}

/** Their names among the tenant's settings. */
export const keyNames = ['backend key', 'sealing key for last words', 'badge key'] as const;
/** Of everybody's badges, at whichever store: a badge that is given at one is known at the others. */
export const badgeKeyName = keyNames[2];
type KeyName = (typeof keyNames)[number];

/** What it is encrypted for. */
export const settingContext = (tenantId: string, name: KeyName): string => `${tenantId} ${name}`;

/**
 * Loads it, or makes it at the very first start. Throws `config.invalid` when it was encrypted under another master secret:
 * then the keys of all locks were, too.
 */
const openKey = async (
  db: Db,
  tenantId: string,
  atRest: AtRest,
  settingName: KeyName,
): Promise<BackendKey> => {
  const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const context = settingContext(tenantId, settingName);
  const sealed = atRest.encrypt(fresh.export({ format: 'der', type: 'pkcs8' }), context);
  // Two instances may both be first: the one that inserts wins, and both read the winner's.
  const value = await pinSetting(db, { tenantId, name: settingName }, sealed);
  const privateKey = createPrivateKey({
    key: openOrSay(atRest, value, context),
    format: 'der',
    type: 'pkcs8',
  });
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    privateKey,
    publicJwk: publicJwkSchema.parse({ kty, crv, x, y }),
    isUnderPrevious: atRest.renew(value, context) !== null,
  };
};

const openOrSay = (atRest: AtRest, value: Buffer, context: string): Buffer => {
  try {
    return atRest.decrypt(value, context);
  } catch (cause) {
    const problem =
      'is not the one that the keys in this database are encrypted with (nor is SEALING_SECRET_PREVIOUS)';
    throw new AppFailure(
      'config.invalid',
      { source: 'environment', path: 'SEALING_SECRET', problem },
      { cause },
    );
  }
};

/** Signs backend time and revocations. Kiosks know it since their registration. */
export const openBackendKey = (db: Db, tenantId: string, atRest: AtRest): Promise<BackendKey> =>
  openKey(db, tenantId, atRest, keyNames[0]);

/** Opens what revoked kiosks leave. They learn it from their revocation. */
export const openSealingKey = (db: Db, tenantId: string, atRest: AtRest): Promise<BackendKey> =>
  openKey(db, tenantId, atRest, keyNames[1]);
