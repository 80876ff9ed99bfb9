/** What a person says that they have looked at, see to, or sign: part of `contract.ts`. */
import { z } from 'zod';
import { batteryListSchema } from '../batteries/battery-list.ts';
import { alarmKindSchema } from '../models/alarm.ts';
import { batteryRoundSchema, mostBatteries } from '../models/battery.ts';
import { serialNumberSchema } from '../models/primitives.ts';
import { signedRoundsSchema } from '../models/signed-round.ts';
import { sweepSchema } from '../models/sweep.ts';
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
  /** The rounds that were last signed at this kiosk, by whomever. */
  readSignedRounds: defineCall({
    input: nothing,
    output: signedRoundsSchema,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 10_000,
  }),
  /**
   * The signed-in person signs the closing sweep; `seen` are the locks that they have seen locked. It goes into the journal with what
   * was found, which is the answer.
   */
  signSweep: defineCall({
    input: z.strictObject({ seen: z.array(serialNumberSchema).max(5_000) }),
    output: sweepSchema,
    errors,
    deadlineMs: 10_000,
  }),
  /** Which batteries are to be changed this week, by what this kiosk has heard. */
  readBatteries: defineCall({
    input: nothing,
    output: batteryListSchema,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 10_000,
  }),
  /**
   * The signed-in person signs a battery round; `changed` are the locks whose batteries they have changed. It goes into the journal
   * with what was left, which is the answer.
   */
  signBatteryRound: defineCall({
    input: z.strictObject({ changed: z.array(serialNumberSchema).max(mostBatteries) }),
    output: batteryRoundSchema,
    errors,
    deadlineMs: 10_000,
  }),
} as const;
