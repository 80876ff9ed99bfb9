/** Opens what the backend has sealed to one of the kiosk's keys (compact JWE, ECDH-ES with A256GCM, nothing else). */
import { createHmac } from 'node:crypto';
import { calculateJwkThumbprint, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import {
  keyMaterialSchema,
  sealedPinSchema,
  type KeyMaterial,
  type SealedPin,
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
): Promise<Omit<SealedPin, 'staffId'> | null> => {
  const opened = await openAs(ring, sealed, sealedPinSchema);
  if (opened?.staffId !== staffId) return null;
  const { pin, duressPin } = opened;
  return duressPin ? { pin, duressPin } : { pin };
};

/** HMAC-SHA-256 in hex, under a key that is sealed likewise. */
export const macSealed = async (
  ring: KeyRing | null,
  sealedKey: string,
  text: string,
): Promise<Result<string>> => {
  const key = await openBytes(ring, sealedKey);
  if (!key) return fail('vault.cannot_open');
  const mac = createHmac('sha256', key).update(text).digest('hex');
  key.fill(0);
  return ok(mac);
};

const openAs = async <T>(ring: KeyRing | null, sealed: string, schema: z.ZodType<T>): Promise<T | null> => {
  const plain = await openBytes(ring, sealed);
  const opened = plain && readJson(schema, Buffer.from(plain).toString('utf8'));
  plain?.fill(0);
  return opened ?? null;
};

const openBytes = async (ring: KeyRing | null, sealed: string): Promise<Uint8Array | null> => {
  for (const keys of ring ? pairsOf(ring) : []) {
    const opened = await openWith(keys, sealed);
    if (opened) return opened;
  }
  return null;
};

const openWith = async (keys: KioskKeys, sealed: string): Promise<Uint8Array | null> => {
  try {
    const { plaintext } = await compactDecrypt(sealed, keys.sealing, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return plaintext;
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
