/** What an operator can do, as the journal of operators names it. */
import { z } from 'zod';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import { resolveSchema } from './contract.ts';

const operatorActs = [
  'store_put',
  'staff_put',
  'staff_dismissed',
  'person_put',
  'person_erased',
  'staff_listed',
  'locks_listed',
  'duress_acknowledged',
  'journal_exported',
  'badge_given',
  'badges_blocked',
  'rights_put',
  'rights_removed',
  'organisation_put',
  'district_put',
  'district_removed',
  'store_moved',
  'code_drawn',
  'lock_imported',
  'lock_renamed',
  'release_ordered',
  'release_withdrawn',
  'key_replaced',
  'enrolment_resolved',
  'kiosk_revoked',
  'key_rotation_asked',
  'restored_declared',
  'trust_refreshed',
] as const;
export type OperatorAct = (typeof operatorActs)[number];

/** Ids of what the act is on: nothing that is a person's, and nothing secret. */
const actSubjectSchema = z.strictObject({
  storeId: uuidSchema.optional(),
  districtId: uuidSchema.optional(),
  staffId: uuidSchema.optional(),
  serialNumber: serialNumberSchema.optional(),
  enrolmentId: uuidSchema.optional(),
  kioskId: uuidSchema.optional(),
  eventId: uuidSchema.optional(),
  /** How an enrolment was resolved. */
  action: resolveSchema.shape.action.optional(),
});
export type ActSubject = z.infer<typeof actSubjectSchema>;

export const journalAnswerSchema = z.strictObject({
  acts: z.array(
    z.strictObject({
      number: z.int(),
      /** Milliseconds since the epoch. */
      at: z.int(),
      operator: z.string(),
      act: z.enum(operatorActs),
      on: actSubjectSchema,
      /** `done`, the code of the error, or why a refresh brought nothing. */
      outcome: z.string(),
    }),
  ),
});
