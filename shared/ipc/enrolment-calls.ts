/** Enrolling new locks, and what becomes of what was captured. */
import { z } from 'zod';
import { labelSchema, nameSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { reachErrors, rightsErrors, trustErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

const byEnrolment = z.strictObject({ enrolmentId: uuidSchema });

/** Of what a person decides about one that is under way. */
const decisionErrors = [
  'staff.not_signed_in',
  ...rightsErrors,
  'enrolment.not_found',
  'enrolment.wrong_state',
  'storage.disk_full',
  'storage.read_only',
] as const;

export const enrolmentCalls = {
  /** Reads the enrolment code of a new lock, checks that it is genuine and puts it in the durable queue. Works offline. */
  captureEnrolment: defineCall({
    input: z.strictObject({
      serialNumber: serialNumberSchema,
      name: nameSchema,
      group: z.string().trim().pipe(labelSchema(60)),
    }),
    output: z.strictObject({ enrolmentId: uuidSchema }),
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'enrolment.already_captured',
      ...reachErrors,
      'lock.refused',
      'lock.already_provisioned',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 25_000,
  }),
  /** Provisions a registered lock that is near now, rather than when it is next noticed. */
  provisionEnrolment: defineCall({
    input: byEnrolment,
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'enrolment.not_found',
      'enrolment.wrong_state',
      ...reachErrors,
      ...trustErrors,
      'lock.outcome_unknown',
      'lock.already_provisioned',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 25_000,
  }),
  /** Submits a refused or uncertain enrolment again. */
  retryEnrolment: defineCall({
    input: byEnrolment,
    output: nothing,
    errors: decisionErrors,
    deadlineMs: 10_000,
  }),
  abandonEnrolment: defineCall({
    input: byEnrolment,
    output: nothing,
    errors: decisionErrors,
    deadlineMs: 10_000,
  }),
} as const;
