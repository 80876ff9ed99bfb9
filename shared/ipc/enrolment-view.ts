/** What the page is told of locks that are being added. */
import { z } from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { enrolmentStates } from '../models/enrolment.ts';
import { epochMsSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';

export const enrolmentActions = ['provision', 'retry', 'abandon'] as const;
export const enrolmentViewSchema = z.strictObject({
  enrolmentId: uuidSchema,
  serialNumber: serialNumberSchema,
  name: z.string(),
  group: z.string(),
  state: z.enum(enrolmentStates),
  problem: appErrorSchema.nullable(),
  /** It goes on, and nobody has proved that the enrolment code is the lock's. */
  unproven: z.boolean(),
  /** The lock in whose place it comes once it is ready; left out of one that gets a place of its own. */
  replaces: serialNumberSchema.optional(),
  capturedAt: epochMsSchema,
  changedAt: epochMsSchema,
  /** Whether the lock is in range now. */
  near: z.boolean(),
  /** The one action that makes sense now; null when there is nothing to do. */
  action: z.enum(enrolmentActions).nullable(),
});
export const enrolmentsViewSchema = z.strictObject({
  enrolments: z.array(enrolmentViewSchema),
  groups: z.array(z.string()),
});
export type EnrolmentsView = z.infer<typeof enrolmentsViewSchema>;
