/** What a person says that they have looked at, or see to: part of `contract.ts`. */
import { z } from 'zod';
import { alarmKindSchema } from '../models/alarm.ts';
import { serialNumberSchema } from '../models/primitives.ts';
import { rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

const errors = ['staff.not_signed_in', ...rightsErrors, 'storage.disk_full', 'storage.read_only'] as const;

export const alarmCalls = {
  /** The signed-in person has looked whether a lock is open of which nobody knew. It goes into the journal. */
  lookedAtLock: defineCall({
    input: z.strictObject({ serialNumber: serialNumberSchema }),
    output: nothing,
    errors,
    deadlineMs: 10_000,
  }),
  /** The signed-in person knows of an alarm and sees to it. It goes into the journal. Of one that is not there any more: ok. */
  acknowledgeAlarm: defineCall({
    input: z.strictObject({ kind: alarmKindSchema, serialNumber: serialNumberSchema.nullable() }),
    output: nothing,
    errors,
    deadlineMs: 10_000,
  }),
} as const;
