/** `identity.json`: what the kiosk knows of itself, its names sealed, with a MAC that only the kiosk's own keys can make. */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { publicJwkSchema } from '#shared/http/contract.ts';
import { nameSchema, uuidSchema } from '#shared/models/primitives.ts';
import { canonicalJson } from '#shared/models/journal-hash.ts';
import { readJson } from '#shared/models/json.ts';
import { pairsOf, type KeyRing } from './key-ring.ts';
import { macOf, sealingKeyOf, type KioskKeys } from './kiosk-keys.ts';
import type { KioskIdentity } from './port.ts';
import { seal, unseal } from './seal.ts';

const identitySchema = z.strictObject({
  kioskId: uuidSchema,
  kioskName: nameSchema,
  storeId: uuidSchema,
  storeName: nameSchema,
  owner: z.string().max(100),
  backendKey: publicJwkSchema,
  vendorRoot: z.base64().max(8192),
});

const namesSchema = identitySchema.pick({ kioskName: true, storeName: true, owner: true });
const openSchema = identitySchema.omit({ kioskName: true, storeName: true, owner: true });

const fileSchema = z.discriminatedUnion('format', [
  /** Of releases that did not seal what they kept. */
  z.strictObject({ format: z.literal(1), identity: identitySchema, mac: z.base64() }),
  z.strictObject({ format: z.literal(2), identity: openSchema, names: z.base64(), mac: z.base64() }),
]);
type File = z.infer<typeof fileSchema>;

const purpose = 'names';

export const encodeIdentity = (identity: KioskIdentity, keys: KioskKeys): string => {
  const { kioskName, storeName, owner, ...open } = identitySchema.parse(identity);
  const sealed = seal(sealingKeyOf(keys, purpose), purpose, JSON.stringify({ kioskName, storeName, owner }));
  const names = sealed.toString('base64');
  const content = { identity: open, names };
  const file: File = { format: 2, ...content, mac: macOf(keys, canonicalJson(content)) };
  return `${JSON.stringify(file, null, 2)}\n`;
};

export type ReadIdentity =
  | {
      readonly kind: 'read';
      readonly identity: KioskIdentity;
      readonly genuine: boolean;
      /** Whether its names are sealed. */
      readonly isSealed: boolean;
    }
  | { readonly kind: 'unreadable' };

const unknownNames = { kioskName: '', storeName: '', owner: '' };

/**
 * `genuine` is false where the MAC fits none of the kiosk's pairs, and where there are none; sealed names are empty then. The file
 * follows the keys: a kiosk that stopped in the middle of a rotation finds the MAC of its previous pair.
 */
export const decodeIdentity = (bytes: Uint8Array, ring: KeyRing | null): ReadIdentity => {
  const file = readJson(fileSchema, Buffer.from(bytes).toString('utf8'));
  if (!file) return { kind: 'unreadable' };
  const keys = (ring ? pairsOf(ring) : []).find((pair) => sameMac(pair, file));
  const isSealed = file.format === 2;
  const names = isSealed && keys ? openNames(keys, file.names) : null;
  const identity = isSealed ? { ...file.identity, ...(names ?? unknownNames) } : file.identity;
  return { kind: 'read', identity, genuine: keys !== undefined && (!isSealed || names !== null), isSealed };
};

const openNames = (keys: KioskKeys, names: string) =>
  readJson(namesSchema, unseal(sealingKeyOf(keys, purpose), purpose, Buffer.from(names, 'base64')));

const sameMac = (keys: KioskKeys, file: File): boolean => {
  const content =
    file.format === 1 ? { ...file.identity } : { identity: { ...file.identity }, names: file.names };
  const given = Buffer.from(file.mac, 'base64');
  const expected = Buffer.from(macOf(keys, canonicalJson(content)), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
};
