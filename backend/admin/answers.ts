/** What an operator's tools are answered. Times are milliseconds since the epoch. */
import { z } from 'zod';
import { appErrorSchema } from '#shared/errors/app-error.ts';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { enrolmentSchema, enrolmentStates } from '#shared/models/enrolment.ts';
import { languageSchema } from '#shared/models/language.ts';
import { eventTimeBases } from '#shared/models/event-time.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Decision, Need, RefusedBy } from '#shared/rights/decide.ts';
import { permissions, staffRightsFields, storeRightsSchema } from '#shared/rights/model.ts';
import { levels } from '../organisation/merge.ts';
import { assignmentMaySchema } from '../people/assignment-may.ts';
import { journalVerdicts } from '../sync/journal-check.ts';
import { revocationsAnswerSchema } from '../trust/revocation-standing.ts';
import { putStoreSchema } from './contract.ts';
import { journalHealthSchema } from './journal-health.ts';

export const codeAnswerSchema = z.strictObject({ code: z.string(), expiresAt: z.int() });
export const acceptedSchema = z.strictObject({ enrolmentId: uuidSchema, state: z.enum(enrolmentStates) });
export const restoredAnswerSchema = z.strictObject({ stores: z.int() });

export const storesAnswerSchema = z.strictObject({
  stores: z.array(
    z.strictObject({
      storeId: uuidSchema,
      name: z.string(),
      policy: putStoreSchema.shape.policy,
      language: languageSchema.optional(),
      timeZone: z.string().optional(),
      address: z.string().optional(),
      districtId: uuidSchema.optional(),
    }),
  ),
});

/** Nothing of their PINs. */
export const staffAnswerSchema = z.strictObject({
  staff: z.array(
    z.strictObject({
      staffId: uuidSchema,
      name: z.string(),
      employeeNumber: z.string().optional(),
      ...staffRightsFields,
      language: languageSchema.optional(),
    }),
  ),
});

const needs = ['badge', 'second_person', 'reason', 'wait'] as const satisfies readonly Need[];
const refusedBys = [
  'role',
  'group_roles',
  'schedule',
  'not_started',
  'ended',
  'not_understood',
] as const satisfies readonly RefusedBy[];
/** As `decide` has it (docs/rights.md). */
const decisionSchema: z.ZodType<Decision, Decision> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('allowed') }),
  z.strictObject({ kind: z.literal('needs'), needs: z.array(z.enum(needs)).readonly() }),
  z.strictObject({ kind: z.literal('refused'), by: z.enum(refusedBys), from: z.int().nullable() }),
]);
/** Null: none are set. */
export const rightsAnswerSchema = z.strictObject({ rights: storeRightsSchema.nullable() });
const levelSchema = z.enum(levels);
/** What a store's rights come to, and where the rule of each group was set. */
export const mergedRightsSchema = z.strictObject({
  rights: storeRightsSchema.nullable(),
  rules: z.array(z.strictObject({ group: z.string().nullable(), from: levelSchema })),
});
export type MergedRights = z.input<typeof mergedRightsSchema>;
export const organisationSchema = z.strictObject({
  name: z.string(),
  rights: storeRightsSchema.nullable(),
  districts: z.array(
    z.strictObject({
      districtId: uuidSchema,
      name: z.string(),
      rights: storeRightsSchema.nullable(),
      stores: z.array(uuidSchema),
    }),
  ),
});
export type Organisation = z.input<typeof organisationSchema>;
export const personMaySchema = z.strictObject({
  at: z.int(),
  permissions: z.array(z.enum(permissions)),
  groups: z.array(z.strictObject({ group: z.string(), decision: decisionSchema })),
  /** Through which of them it comes. */
  assignments: z.array(assignmentMaySchema),
});
export type PersonMay = z.input<typeof personMaySchema>;
export const groupMaySchema = z.strictObject({
  at: z.int(),
  people: z.array(z.strictObject({ staffId: uuidSchema, name: z.string(), decision: decisionSchema })),
});
export type GroupMay = z.input<typeof groupMaySchema>;

export const locksAnswerSchema = z.strictObject({
  locks: z.array(
    z.strictObject({
      serialNumber: serialNumberSchema,
      type: z.string(),
      name: z.string(),
      group: z.string(),
      /** Null of a spare, which is in none. */
      placeId: uuidSchema.nullable(),
      version: z.int(),
      hasKey: z.boolean(),
      toBeReleased: z.boolean(),
    }),
  ),
});

export const enrolmentsAnswerSchema = z.strictObject({
  enrolments: z.array(
    z.strictObject({
      ...enrolmentSchema.pick({ enrolmentId: true, serialNumber: true, state: true, kioskId: true }).shape,
      name: z.string(),
      capturedAt: z.int(),
      changedAt: z.int(),
      origin: z.enum(['kiosk', 'import']),
      problem: appErrorSchema.nullable(),
      /** How often the vendor was asked since it was last submitted. */
      attempts: z.int().nullable(),
      nextAttemptAt: z.int().nullable(),
      waitsSince: z.int().nullable(),
      /** Whom it waits for; null where it waits for the kiosk's own claims to become fewer. */
      heldBy: z.strictObject({ storeId: uuidSchema, enrolmentId: uuidSchema }).nullable(),
    }),
  ),
});

export const eventsAnswerSchema = z.strictObject({
  events: z.array(
    z.strictObject({
      ...accessEventSchema.shape,
      verdict: z.enum(journalVerdicts),
      receivedAt: z.int(),
      time: z.strictObject({ at: z.int(), basis: z.enum(eventTimeBases) }),
    }),
  ),
});

export const kiosksAnswerSchema = z.strictObject({
  /** Of the backend's own key: what a journal that the backend has signed is held against. */
  backendFingerprint: z.string(),
  kiosks: z.array(
    z.strictObject({
      kioskId: uuidSchema,
      name: z.string(),
      registeredAt: z.int(),
      lastSeenAt: z.int().nullable(),
      revokedAt: z.int().nullable(),
      /** Null also of one that an earlier release has revoked. */
      revokedReason: z.string().nullable(),
      keysRegisteredAt: z.int(),
      /** Of the key that signs for it: what a journal that it has signed is held against. */
      fingerprint: z.string(),
      rotationRequestedAt: z.int().nullable(),
      journal: journalHealthSchema,
    }),
  ),
});

const refreshedSchema = z.strictObject({ refreshed: z.literal(true) });
const notRefreshedSchema = z.strictObject({ refreshed: z.literal(false), reason: z.string() });
export const refreshAnswerSchema = z.union([refreshedSchema, notRefreshedSchema]);

export const trustAnswerSchema = z.strictObject({
  /** Those that are kept, the newest first. */
  intermediates: z.array(
    z.strictObject({
      trustId: z.string(),
      owner: z.string(),
      notBefore: z.int(),
      notAfter: z.int(),
      deliveredAt: z.int(),
    }),
  ),
  revocations: revocationsAnswerSchema,
  /** Of this instance; null before the first. */
  lastRefresh: z
    .union([refreshedSchema.extend({ at: z.int() }), notRefreshedSchema.extend({ at: z.int() })])
    .nullable(),
});
