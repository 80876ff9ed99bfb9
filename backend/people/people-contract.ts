/** What operators say of people who are assigned, and are told. */
import { z } from 'zod';
import { languageSchema } from '#shared/models/language.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { putStaffSchema } from '../admin/contract.ts';
import { assignmentsSchema } from './assignments.ts';

export const putPersonSchema = putStaffSchema
  .pick({ name: true, pin: true, duressPin: true, employeeNumber: true, language: true })
  .extend({ assignments: assignmentsSchema });
export type PutPerson = z.infer<typeof putPersonSchema>;

/** Nothing of their PINs and badges. */
export const peopleAnswerSchema = z.strictObject({
  people: z.array(
    z.strictObject({
      staffId: uuidSchema,
      name: z.string(),
      employeeNumber: z.string().optional(),
      language: languageSchema.optional(),
      assignments: assignmentsSchema,
      /** Which these reach. */
      stores: z.array(uuidSchema),
      /** Every store has followed. */
      settled: z.boolean(),
    }),
  ),
});
export type PeopleAnswer = z.infer<typeof peopleAnswerSchema>;

export const followedSchema = z.strictObject({
  /** Stores that have followed while the call was waited for. */
  followed: z.int(),
  /** Those that follow by themselves from now on. */
  following: z.int(),
});
