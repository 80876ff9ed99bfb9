/**
 * What the backend keeps for the kiosks of a store. A backend may be of a later release than a kiosk that pulls: fields that
 * this release does not know are left out, and nothing is kept out for them.
 */
import { z } from 'zod';
import {
  base64Schema,
  epochMsSchema,
  labelSchema,
  nameSchema,
  serialNumberSchema,
  uuidSchema,
  versionSchema,
} from './primitives.ts';
import { enrolmentSchema } from './enrolment.ts';
import { heldLanguageSchema } from './language.ts';
import { accessEventSchema } from './access-event.ts';
import { badgesSchema } from '../badges/badge-number.ts';
import { heldStaffRightsFields } from '../rights/model.ts';

/** Somebody has signed in, or confirmed something, by their duress PIN. */
export const duressAlarmSchema = z.object({
  /** The access event that told of it. */
  eventId: uuidSchema,
  kioskName: z.string(),
  staffId: uuidSchema,
  at: epochMsSchema,
});
export type DuressAlarm = z.infer<typeof duressAlarmSchema>;
const duressAlarmsSchema = z.array(duressAlarmSchema).max(20);

/** The store that this kiosk serves, and the policy set for it. One document per store. */
export const storeSchema = z.object({
  storeId: uuidSchema,
  name: nameSchema,
  /** What the district that it is in, and the organisation, are called; left out where it is in none, and where it has no name. */
  district: nameSchema.optional().catch(undefined),
  organisation: nameSchema.optional().catch(undefined),
  policy: z.object({
    /** Longest time without contact to the backend in which the kiosk still opens locks, in hours. */
    offlineLeaseHours: z
      .int()
      .min(1)
      .max(24 * 60),
    /** A signed-in person is signed out after this many seconds without a touch. */
    idleSignOutSeconds: z.int().min(10).max(3600),
    /** How long an opened lock holds its bolt open, in seconds. */
    holdOpenSeconds: z.int().min(1).max(60),
    /** Whether people may have a second PIN, for when they are forced. Left out: no. */
    duressPin: z.boolean().optional().catch(undefined),
    /** For so many minutes a customer waits whom somebody has said to be waiting. Left out: nobody says so here. */
    customerWaitsMinutes: z.int().min(1).max(60).optional().catch(undefined),
  }),
  /** Duress that other kiosks of the store have told of, the newest last; none of this one's own, ever. */
  duress: duressAlarmsSchema.optional().catch(undefined),
  /** Who may open what (`shared/rights`). Kept as it came: what is not understood has to refuse. Left out: no rules are set. */
  rights: z.unknown().optional(),
  /** The key of the store's badges, sealed to this kiosk as a Key Certificate is. Left out: no badge is known here. */
  badgeKey: z.string().max(16_384).optional().catch(undefined),
  /** What the page speaks while nobody is signed in, and with whoever has no language of their own. */
  language: heldLanguageSchema,
  version: versionSchema,
});
export type StoreDocument = z.infer<typeof storeSchema>;

/** A lock that belongs to this store. */
export const lockSchema = z.object({
  serialNumber: serialNumberSchema,
  type: labelSchema(16),
  name: nameSchema,
  group: labelSchema(60),
  /** The place that it is in, whose name and group it has; null: in none, a spare. Left out: the backend knows no places. */
  place: uuidSchema.nullable().optional().catch(undefined),
  /** The lock's device certificate (X.509, DER, base64): how the kiosk recognises the genuine lock. */
  deviceCertificate: base64Schema,
  version: versionSchema,
});
export type LockDocument = z.infer<typeof lockSchema>;

/** A Key Certificate with its key, sealed to this kiosk (compact JWE, ECDH-ES + A256GCM). Opened only in the vault. */
export const keyCertificateSchema = z.object({
  serialNumber: serialNumberSchema,
  sealed: z.string().max(16_384),
  version: versionSchema,
});
export type KeyCertificateDocument = z.infer<typeof keyCertificateSchema>;

/** What is inside a sealed Key Certificate: the certificate (DER) and its private key (PKCS #8), both base64. */
export const keyMaterialSchema = z.object({
  serialNumber: serialNumberSchema,
  keyCertificate: base64Schema,
  privateKey: base64Schema,
});
export type KeyMaterial = z.infer<typeof keyMaterialSchema>;

const trustFields = {
  trustId: z.string().max(100),
  owner: labelSchema(100),
  version: versionSchema,
} as const;

/** A Customer Intermediate Certificate (DER, base64) with what the kiosk shows of it. The vendor's root signs it. */
const intermediateSchema = z.object({
  ...trustFields,
  kind: z.literal('intermediate'),
  certificate: base64Schema,
  notBefore: epochMsSchema,
  notAfter: epochMsSchema,
});
export type IntermediateDocument = z.infer<typeof intermediateSchema>;

/** A revocation list or one part of it (docs/link.md), base64. */
export const revocationListTextSchema = z.base64().max(4096);

/** What the vendor's root has revoked for this owner: kiosks carry it to locks, which judge it. The first part; one per owner. */
const revocationListSchema = z.object({
  ...trustFields,
  kind: z.literal('revocation_list'),
  list: revocationListTextSchema,
});

/** Every further part of that list; kiosks of release 0.2 pass over these, and carry the first. */
const revocationPartSchema = z.object({
  ...trustFields,
  kind: z.literal('revocation_part'),
  list: revocationListTextSchema,
});

/** As docs/link.md has it, base64. */
export const releaseTokenSchema = z.base64().min(1).max(684);

/**
 * A lock is to be given back: what the vendor's root has signed for that. Goes with the lock, or when it may stay. Its
 * `trustId` is a UUID, the order's own (`releaseOrderId`), so that what answers one order is never taken for another's answer.
 */
const releaseOrderSchema = z.object({
  ...trustFields,
  kind: z.literal('release_order'),
  serialNumber: serialNumberSchema,
  token: releaseTokenSchema,
});

/** Null of an order by an older backend, which names it after its lock: such a backend takes no event that names an order. */
export const releaseOrderId = ({ trustId }: { readonly trustId: string }): string | null =>
  uuidSchema.safeParse(trustId).data ?? null;

/** What the trust chain needs besides keys. */
export const trustSchema = z.discriminatedUnion('kind', [
  intermediateSchema,
  revocationListSchema,
  revocationPartSchema,
  releaseOrderSchema,
]);
export type TrustDocument = z.infer<typeof trustSchema>;

/** scrypt parameters as in RFC 7914; salt and hash in base64. */
const pinSchema = z.object({
  n: z.int(),
  r: z.int(),
  p: z.int(),
  salt: base64Schema,
  hash: base64Schema,
});

/** A person who may sign in at this store's kiosks. The PIN exists only as a memory-hard hash. */
export const staffSchema = z.object({
  staffId: uuidSchema,
  name: nameSchema,
  pin: pinSchema,
  /** Does what `pin` does, and says silently that they are forced. Comes sealed, or not at all. */
  duressPin: pinSchema.optional().catch(undefined),
  /** What the customer calls this person by; tells two of one name apart. */
  employeeNumber: labelSchema(20).optional(),
  ...heldStaffRightsFields,
  /** By what their badges are known. What cannot be read signs nobody in. */
  badges: badgesSchema.optional().catch(undefined),
  /** What the page speaks with them; without it the store's. */
  language: heldLanguageSchema,
  version: versionSchema,
});
export type StaffDocument = z.infer<typeof staffSchema>;

/** What `sealedPin` holds (compact JWE, as a Key Certificate): whose verifiers they are, and the verifiers. */
export const sealedPinSchema = staffSchema.pick({ staffId: true, pin: true, duressPin: true });
export type SealedPin = z.infer<typeof sealedPinSchema>;

/**
 * What this release can read of what the backend says. One more with every field, kind or error code that comes or goes (a test
 * sees to it): a kiosk that was updated then pulls once more what the release before it has passed over.
 */
export const modelsRevision = 5;

/** Every collection that is replicated: its schema, its primary key and the direction it goes. */
export const collections = {
  store: { schema: storeSchema, primaryKey: 'storeId', direction: 'pull' },
  locks: { schema: lockSchema, primaryKey: 'serialNumber', direction: 'pull' },
  keyCertificates: { schema: keyCertificateSchema, primaryKey: 'serialNumber', direction: 'pull' },
  trust: { schema: trustSchema, primaryKey: 'trustId', direction: 'pull' },
  staff: { schema: staffSchema, primaryKey: 'staffId', direction: 'pull' },
  enrolments: { schema: enrolmentSchema, primaryKey: 'enrolmentId', direction: 'both' },
  accessEvents: { schema: accessEventSchema, primaryKey: 'eventId', direction: 'push' },
} as const;
export type CollectionName = keyof typeof collections;
export const collectionNames = Object.keys(collections) as [CollectionName, ...CollectionName[]];
