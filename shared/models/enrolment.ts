import { z } from 'zod';
import { appErrorSchema, saidErrorSchema } from '../errors/app-error.ts';
import {
  base64Schema,
  epochMsSchema,
  labelSchema,
  nameSchema,
  serialNumberSchema,
  uuidSchema,
  versionSchema,
} from './primitives.ts';

/**
 * The states of an enrolment.
 *
 *   captured ──► submitted ──► registered ──► provisioned
 *      │             ├──► refused      (the vendor said no; an operator can submit it again)
 *      │             ├──► uncertain    (the vendor says "already registered"; an operator resolves it)
 *      │             └──► conflicted   (it waited, or had proved nothing, and another kiosk or store has the lock)
 *      ├──► conflicted                 (another kiosk or store has the lock)
 *      └──► abandoned                  (a person gave it up before it was registered)
 *
 * The kiosk sets captured, provisioned and abandoned; the backend sets all others.
 */
export const enrolmentStates = [
  'captured',
  'submitted',
  'registered',
  'provisioned',
  'refused',
  'uncertain',
  'conflicted',
  'abandoned',
] as const;
export type EnrolmentState = (typeof enrolmentStates)[number];

export const enrolmentSchema = z.strictObject({
  enrolmentId: uuidSchema,
  serialNumber: serialNumberSchema,
  state: z.enum(enrolmentStates),
  /** Why it is refused, uncertain or conflicted; null in every other state. */
  problem: appErrorSchema.nullable(),
  type: labelSchema(16),
  name: nameSchema,
  group: labelSchema(60),
  /** What the lock offered: 256 bytes in base64, ciphertext under the vendor's key. */
  enrolmentCode: base64Schema,
  /** The lock's device certificate (DER, base64), verified by the kiosk before capture. */
  deviceCertificate: base64Schema,
  /**
   * The lock's signature that the enrolment code is its own (docs/link.md, "Capture proof"), base64; null or left out where
   * the lock, or the kiosk that captured it, is of a release that knows none.
   */
  proof: base64Schema.max(512).nullable().optional(),
  /** The lock of the store in whose place this one comes once it is ready, under its name and group. Left out: in a place of its own. */
  replaces: serialNumberSchema.optional(),
  kioskId: uuidSchema,
  staffId: uuidSchema,
  capturedAt: epochMsSchema,
  changedAt: epochMsSchema,
  /** Names the last local change, so that the backend recognises a repetition. */
  operationId: uuidSchema,
  version: versionSchema,
});
export type EnrolmentDocument = z.infer<typeof enrolmentSchema>;

/** An enrolment as the backend says it, perhaps in a later release: what this one does not know of it is left out. */
export const saidEnrolmentSchema = z.object({
  ...enrolmentSchema.shape,
  problem: saidErrorSchema.nullable(),
});
