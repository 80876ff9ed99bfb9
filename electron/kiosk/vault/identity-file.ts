/** `identity.json`: what the kiosk knows of itself, in the open, with a MAC that only the kiosk's own keys can make. */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { publicJwkSchema } from '#shared/http/contract.ts';
import { nameSchema, uuidSchema } from '#shared/models/primitives.ts';
import { canonicalJson } from '#shared/models/journal-hash.ts';
import { readJson } from '#shared/models/json.ts';
import { pairsOf, type KeyRing } from './key-ring.ts';
import { macOf, type KioskKeys } from './kiosk-keys.ts';
import type { KioskIdentity } from './port.ts';

const identitySchema = z.strictObject({
  kioskId: uuidSchema,
  kioskName: nameSchema,
  storeId: uuidSchema,
  storeName: nameSchema,
  owner: z.string().max(100),
  backendKey: publicJwkSchema,
  vendorRoot: z.base64().max(8192),
});

const fileSchema = z.strictObject({ format: z.literal(1), identity: identitySchema, mac: z.base64() });

export const encodeIdentity = (identity: KioskIdentity, keys: KioskKeys): string => {
  const checked = identitySchema.parse(identity);
  const file = { format: 1, identity: checked, mac: macOf(keys, canonicalJson(checked)) };
  return `${JSON.stringify(file, null, 2)}\n`;
};

export type ReadIdentity =
  | { readonly kind: 'read'; readonly identity: KioskIdentity; readonly genuine: boolean }
  | { readonly kind: 'unreadable' };

/**
 * `genuine` is false where the MAC fits none of the kiosk's pairs, and where there are none. The file follows the keys: a
 * kiosk that stopped in the middle of a rotation finds the MAC of its previous pair.
 */
export const decodeIdentity = (bytes: Uint8Array, ring: KeyRing | null): ReadIdentity => {
  const file = readJson(fileSchema, Buffer.from(bytes).toString('utf8'));
  if (!file) return { kind: 'unreadable' };
  const { identity, mac } = file;
  return {
    kind: 'read',
    identity,
    genuine: ring !== null && pairsOf(ring).some((keys) => sameMac(mac, keys, identity)),
  };
};

const sameMac = (mac: string, keys: KioskKeys, identity: KioskIdentity): boolean => {
  const given = Buffer.from(mac, 'base64');
  const expected = Buffer.from(macOf(keys, canonicalJson({ ...identity })), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
};
