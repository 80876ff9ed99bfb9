/** What the page asks for where a lock is called something else, or another one is in its place. */
import { z } from 'zod';
import { labelSchema, nameSchema, serialNumberSchema } from '../models/primitives.ts';
import { reachErrors, rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

const bySerial = z.strictObject({ serialNumber: serialNumberSchema });

export const namingCalls = {
  /**
   * Gives a lock of the store another name and group. Works offline: this kiosk shows it at once, the others when the backend has
   * heard of it. Where the lock has been given another name meanwhile, that one stays.
   */
  renameLock: defineCall({
    input: bySerial.extend({ name: nameSchema, group: z.string().trim().pipe(labelSchema(60)) }),
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'rights.other_rule',
      'lock.other_store',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 10_000,
  }),
  /**
   * Puts another lock in the place of one, under its name and in its group: a spare or a lock in no group at once, a new one as soon as it
   * has been added and is ready (`done` is false, and the present one opens until then). Works offline.
   */
  replaceLock: defineCall({
    input: bySerial.extend({ by: serialNumberSchema }),
    output: z.strictObject({ done: z.boolean() }),
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'rights.other_rule',
      'lock.other_store',
      'lock.in_no_place',
      'lock.in_a_place',
      'enrolment.already_captured',
      ...reachErrors,
      'lock.refused',
      'lock.already_provisioned',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 25_000,
  }),
} as const;
