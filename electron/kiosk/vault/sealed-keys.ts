/** Opens what the backend has sealed to one of the kiosk's keys (compact JWE, ECDH-ES with A256GCM, nothing else). */
import { calculateJwkThumbprint, compactDecrypt, decodeProtectedHeader } from 'jose';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { keyMaterialSchema, type KeyMaterial } from '#shared/models/documents.ts';
import { readJson } from '#shared/models/json.ts';
import { pairsOf, type KeyRing } from './key-ring.ts';
import { publicJwk, type KioskKeys } from './kiosk-keys.ts';

/** During a rotation a value may be sealed to any pair of the ring. */
export const openSealed = async (ring: KeyRing | null, sealed: string): Promise<Result<KeyMaterial>> => {
  for (const keys of ring ? pairsOf(ring) : []) {
    const opened = await openWith(keys, sealed);
    if (opened) return ok(opened);
  }
  return fail('vault.cannot_open');
};

const openWith = async (keys: KioskKeys, sealed: string): Promise<KeyMaterial | null> => {
  try {
    const { plaintext } = await compactDecrypt(sealed, keys.sealing, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const material = readJson(keyMaterialSchema, Buffer.from(plaintext).toString('utf8'));
    plaintext.fill(0);
    return material;
  } catch {
    // Not sealed to this pair, or changed on the way: the reason makes no difference and could carry plain text.
    return null;
  }
};

/** Whether the value names this pair as the one that it is sealed to (`kid`, the key's RFC 7638 thumbprint). */
export const isSealedTo = async ({ sealing }: KioskKeys, sealed: string): Promise<boolean> => {
  try {
    return decodeProtectedHeader(sealed).kid === (await calculateJwkThumbprint({ ...publicJwk(sealing) }));
  } catch {
    // No JWE at all: surely not one that opens with this pair.
    return false;
  }
};
