/** What an operator's tools send. */
import { z } from 'zod';
import { revocationReasons } from '#shared/models/revocation-reason.ts';
import { lockSchema, staffSchema, storeSchema } from '#shared/models/documents.ts';
import { enrolmentSchema } from '#shared/models/enrolment.ts';
import { languageSchema } from '#shared/models/language.ts';
import { epochMsSchema, labelSchema, nameSchema, uuidSchema } from '#shared/models/primitives.ts';
import {
  permissions,
  roleSchema,
  ruleSchema,
  staffRightsFields,
  storeRightsSchema,
} from '#shared/rights/model.ts';
import { wallClockOf } from '#shared/rights/wall-clock.ts';
import { unsoundIn } from './sound-rights.ts';
import { defaultShortestPin } from './weak-pin.ts';

const timeZoneSchema = storeRightsSchema.shape.timeZone.refine(
  (zone) => wallClockOf(zone) !== null,
  'is no time zone of the IANA database',
);

export const putStoreSchema = z.strictObject({
  name: storeSchema.shape.name,
  policy: storeSchema.shape.policy
    .extend({
      /** Digits that a PIN has at the least where it is set from now on. Kiosks have no use for it. */
      shortestPin: z.int().min(4).max(8).default(defaultShortestPin),
      duressPin: z.boolean().optional(),
      customerWaitsMinutes: z.int().min(1).max(60).optional(),
    })
    .strict(),
  /** Of these, what is left out stays as it is, and null takes it away. */
  language: languageSchema.nullish(),
  /** IANA. Whose rights are set has one: it is not taken away then. */
  timeZone: timeZoneSchema.nullish(),
  address: labelSchema(200).nullish(),
});

export type PutStore = z.infer<typeof putStoreSchema>;

const pinSchema = z.string().regex(/^\d{4,8}$/, 'is no PIN: 4 to 8 digits');
/** PINs live for the length of this request. Without one, whoever is there keeps the one that they have. */
export const putStaffSchema = z.strictObject({
  name: nameSchema,
  pin: pinSchema.optional(),
  /** As `pin`, and only where the store's policy has it; null takes it away. */
  duressPin: pinSchema.nullish(),
  /** Of these, what is left out stays as it is, and null takes it away. */
  employeeNumber: staffSchema.shape.employeeNumber.unwrap().trim().min(1).nullish(),
  /** Ids of given roles or of the store's own. Nobody's: the person may do everything. */
  roles: staffRightsFields.roles.nullish(),
  from: staffRightsFields.from.nullish(),
  until: staffRightsFields.until.nullish(),
  language: languageSchema.nullish(),
});
/** The number lives for the length of this request. */
export const putBadgeSchema = z.strictObject({ number: z.string().min(1).max(200) });

export type PutStaff = z.infer<typeof putStaffSchema>;

/** The whole of a store's rules. Here nothing is passed over: a name that this backend does not know is refused. */
export const putRightsSchema = z
  .strictObject({
    timeZone: storeRightsSchema.shape.timeZone,
    roles: z
      .array(z.strictObject({ ...roleSchema.shape, permissions: z.array(z.enum(permissions)).max(40) }))
      .max(50)
      .default([]),
    rules: z.array(ruleSchema).max(500).default([]),
  })
  .check(({ value, issues }) => void issues.push(...unsoundIn(value)));
export type PutRights = z.infer<typeof putRightsSchema>;

/** An organisation or a district. */
export const putNameSchema = z.strictObject({ name: nameSchema });
/** Null: it is in none any more. */
export const putDistrictOfStoreSchema = z.strictObject({ districtId: uuidSchema.nullable() });

/** Now, where no time is given. */
const decidedAt = { at: z.coerce.number().pipe(epochMsSchema.min(1)).optional() };
export const personMayQuerySchema = z.strictObject(decidedAt);
/** A group's name, empty for locks without one. */
export const groupMayQuerySchema = z.strictObject({ ...decidedAt, group: labelSchema(60) });

export const importLockSchema = z.strictObject({
  ...lockSchema.pick({ serialNumber: true, type: true, name: true, group: true, deviceCertificate: true })
    .shape,
  enrolmentCode: enrolmentSchema.shape.enrolmentCode,
});
export type ImportLock = z.infer<typeof importLockSchema>;

/** What people call a lock, and where it hangs. */
export const putLockSchema = z.strictObject(lockSchema.pick({ name: true, group: true }).shape);
export type PutLock = z.infer<typeof putLockSchema>;

/** Without a body it is `unspecified`, as for the tools of earlier releases. */
export const revokeSchema = z
  .strictObject({ reason: z.enum(revocationReasons).default('unspecified') })
  .nullish();

/** `retry` sends it to the vendor again; `adopt` does, and takes a key that somebody else's registration has made; `refuse` ends it and gives the serial number free. */
export const resolveSchema = z.strictObject({ action: z.enum(['retry', 'adopt', 'refuse']) });

/** Newest first; `before` is the `number` of the last one of the page before. */
export const journalQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().int().min(1).optional(),
});
export type JournalQuery = z.infer<typeof journalQuerySchema>;

/**
 * Newest first; `beforeEvent` is the `eventId` of the last one of the page before. `before` is a time of receipt: what was
 * pushed together shares one, so it begins a list and does not go on with one.
 */
export const eventsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().int().min(0).optional(),
  beforeEvent: uuidSchema.optional(),
  /** What happened to the locks that were in this place, while they were. */
  placeId: uuidSchema.optional(),
});
export type EventsQuery = z.infer<typeof eventsQuerySchema>;

/** Captured last first; `beforeEnrolment` is the `enrolmentId` of the last one of the page before. */
export const enrolmentsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  beforeEnrolment: uuidSchema.optional(),
});
export type EnrolmentsQuery = z.infer<typeof enrolmentsQuerySchema>;
