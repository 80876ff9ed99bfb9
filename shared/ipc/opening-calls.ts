/** Opening locks, one or several, and what has to be asked for or brought before. */
import { z } from 'zod';
import { givenReasonSchema } from '../models/access-event.ts';
import { labelSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { askedErrors, rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';
import { approvalSchema, personSchema } from './sign-in-calls.ts';
import { unlockEndSchema } from './views.ts';

const bySerial = z.strictObject({ serialNumber: serialNumberSchema });
const bySerials = z.strictObject({ serialNumbers: z.array(serialNumberSchema).min(1).max(50) });

/** What a person may have to bring to open a lock (`lockTile.needs`). What nobody asked for is taken, and recorded. */
const askedSchema = z.strictObject({
  reason: givenReasonSchema
    .extend({ number: z.string().trim().pipe(labelSchema(40).min(1)).optional() })
    .optional(),
  /** Somebody else, who confirms. */
  approval: approvalSchema.optional(),
});
export type Asked = z.output<typeof askedSchema>;

export const openingCalls = {
  /**
   * Opens a lock; progress is in the `attempt` stream. Answers with the end, which is never a failed call. What the person may not,
   * or has not brought, fails before any attempt.
   */
  unlock: defineCall({
    input: bySerial.extend({ asked: askedSchema.optional() }),
    output: unlockEndSchema,
    errors: ['staff.not_signed_in', ...rightsErrors, ...askedErrors, 'lock.busy'],
    deadlineMs: 20_000,
  }),
  /**
   * A person seems about to open this lock: the kiosk may connect to it already. Nothing comes of it but speed, so it has
   * no outcome.
   */
  prepareLock: defineCall({
    input: bySerial,
    output: nothing,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 5_000,
  }),
  /** Opens several locks, one after the other; progress is in the `group` stream. Answers when each has its end. */
  unlockGroup: defineCall({
    input: bySerials.extend({
      /** Asked for once, for all of them. */
      asked: askedSchema.optional(),
    }),
    output: nothing,
    errors: ['staff.not_signed_in', ...rightsErrors, ...askedErrors, 'lock.busy'],
    deadlineMs: 600_000,
  }),
  /** Who could open that lock now, and who could confirm it for the person who is signed in: never that person. By name. */
  whoMay: defineCall({
    input: bySerial,
    output: z.strictObject({ open: z.array(personSchema), approve: z.array(personSchema) }),
    errors: ['staff.not_signed_in', 'lock.other_store'],
    deadlineMs: 5_000,
  }),
  /** Asks for locks with a delay: they can be opened once it is over. Of those that have none, or were asked for, nothing comes. */
  askOpening: defineCall({
    input: bySerials,
    output: nothing,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 5_000,
  }),
  /** Calls off what was asked for, by whomever. */
  callOffOpening: defineCall({
    input: bySerials,
    output: nothing,
    errors: ['staff.not_signed_in'],
    deadlineMs: 5_000,
  }),
  /** Stops a run of `unlockGroup`: locks that have not begun are left alone. */
  stopGroup: defineCall({
    input: z.strictObject({ runId: uuidSchema }),
    output: nothing,
    errors: ['staff.not_signed_in'],
    deadlineMs: 5_000,
  }),
  /** Stops the attempt while that is still possible (`canStop`). */
  stopUnlock: defineCall({
    input: z.strictObject({ attemptId: uuidSchema }),
    output: nothing,
    errors: ['staff.not_signed_in'],
    deadlineMs: 5_000,
  }),
} as const;
