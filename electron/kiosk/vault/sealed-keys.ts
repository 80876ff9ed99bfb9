/** Opens what the backend has sealed to one of the kiosk's keys (compact JWE, ECDH-ES with A256GCM, nothing else). */
import { calculateJwkThumbprint, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import {
  keyMaterialSchema,
  sealedPinSchema,
  type KeyMaterial,
  type StaffDocument,
} from '#shared/models/documents.ts';
import { readJson } from '#shared/models/json.ts';
import { pairsOf, type KeyRing } from './key-ring.ts';
import { publicJwk, type KioskKeys } from './kiosk-keys.ts';

/** During a rotation a value may be sealed to any pair of the ring. */
export const openSealed = async (ring: KeyRing | null, sealed: string): Promise<Result<KeyMaterial>> => {
  const opened = await openAs(ring, sealed, keyMaterialSchema);
  return opened ? ok(opened) : fail('vault.cannot_open');
};

/** The PIN verifier of this person; null where it was not sealed to this kiosk, or is somebody else's. */
export const openSealedPin = async (
  ring: KeyRing | null,
  staffId: string,
  sealed: string,
): Promise<StaffDocument['pin'] | null> => {
  const opened = await openAs(ring, sealed, sealedPinSchema);
  return opened?.staffId === staffId ? opened.pin : null;
};

const openAs = async <T>(ring: KeyRing | null, sealed: string, schema: z.ZodType<T>): Promise<T | null> => {
  for (const keys of ring ? pairsOf(ring) : []) {
    const opened = await openWith(keys, sealed, schema);
    if (opened) return opened;
  }
  return null;
};

const openWith = async <T>(keys: KioskKeys, sealed: string, schema: z.ZodType<T>): Promise<T | null> => {
  try {
    const { plaintext } = await compactDecrypt(sealed, keys.sealing, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    const material = readJson(schema, Buffer.from(plaintext).toString('utf8'));
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
