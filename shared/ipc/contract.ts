/**
 * Everything the page can ask of the core. Channel names, types, validation and both transports (Electron IPC, loopback
 * WebSocket) derive from this object; a handler that is missing does not compile. The page asks for intents ("unlock this
 * lock"): no call and no snapshot carries a key, a certificate or a PIN hash.
 */
import { z } from 'zod';
import { registrationCodeSchema } from '../http/contract.ts';
import { givenReasonSchema } from '../models/access-event.ts';
import { labelSchema, nameSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { alarmCalls } from './alarm-calls.ts';
import { customerCalls } from './customer-calls.ts';
import { activityCalls } from './activity-calls.ts';
import { badgeCalls } from './badge-calls.ts';
import { askedErrors, reachErrors, rightsErrors, trustErrors } from './call-errors.ts';
import { defineCall, defineStream, nothing } from './define.ts';
import { enrolmentsViewSchema } from './enrolment-view.ts';
import { namingCalls } from './naming-calls.ts';
import { approvalSchema, personSchema, signInCalls } from './sign-in-calls.ts';
import { updateCalls } from './update-calls.ts';
import {
  alarmsViewSchema,
  attemptViewSchema,
  groupViewSchema,
  healthViewSchema,
  kioskViewSchema,
  locksViewSchema,
  mostRingEvents,
  newLocksViewSchema,
  ringEventViewSchema,
  unlockEndSchema,
} from './views.ts';

const bySerial = z.strictObject({ serialNumber: serialNumberSchema });
const byEnrolment = z.strictObject({ enrolmentId: uuidSchema });

/** What a person may have to bring to open a lock (`lockTile.needs`). What nobody asked for is taken, and recorded. */
const askedSchema = z.strictObject({
  reason: givenReasonSchema
    .extend({ number: z.string().trim().pipe(labelSchema(40).min(1)).optional() })
    .optional(),
  /** Somebody else, who confirms. */
  approval: approvalSchema.optional(),
});
export type Asked = z.output<typeof askedSchema>;

export const calls = {
  /** Sets the kiosk up with a one-time code. */
  registerKiosk: defineCall({
    input: z.strictObject({ code: registrationCodeSchema, name: nameSchema }),
    output: nothing,
    errors: ['sync.registration_refused', 'sync.unreachable', 'vault.no_secret_store'],
    deadlineMs: 30_000,
  }),
  ...signInCalls,
  ...badgeCalls,
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
    input: z.strictObject({
      serialNumbers: z.array(serialNumberSchema).min(1).max(50),
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
    input: z.strictObject({ serialNumbers: z.array(serialNumberSchema).min(1).max(50) }),
    output: nothing,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 5_000,
  }),
  /** Calls off what was asked for, by whomever. */
  callOffOpening: defineCall({
    input: z.strictObject({ serialNumbers: z.array(serialNumberSchema).min(1).max(50) }),
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
  /** Asks the lock, authenticated, for its state: the way out of "not known". */
  askLock: defineCall({
    input: bySerial,
    output: z.strictObject({ bolt: z.enum(['open', 'locked']), battery: z.int().min(0).max(100) }),
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      ...reachErrors,
      ...trustErrors,
      'lock.not_provisioned',
      'lock.other_store',
    ],
    deadlineMs: 20_000,
  }),
  /** Reads what the lock itself has kept of what it did, newest first. */
  readLockRecord: defineCall({
    input: bySerial,
    output: z.strictObject({ events: z.array(ringEventViewSchema).max(mostRingEvents) }),
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      ...reachErrors,
      ...trustErrors,
      'lock.not_provisioned',
      'lock.other_store',
    ],
    deadlineMs: 20_000,
  }),
  /** Gives a lock back whose release the back office has ordered (`toBeReleased`): it is new again, and the store loses it. */
  releaseLock: defineCall({
    input: bySerial,
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      ...reachErrors,
      ...trustErrors,
      'lock.outcome_unknown',
      'lock.not_provisioned',
      'lock.not_to_be_released',
      'lock.other_store',
    ],
    deadlineMs: 25_000,
  }),
  ...alarmCalls,
  ...namingCalls,
  /** Makes a lock blink and beep, so that the person finds it. */
  identify: defineCall({
    input: bySerial,
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      ...reachErrors,
      ...trustErrors,
      'lock.not_provisioned',
      'lock.other_store',
    ],
    deadlineMs: 20_000,
  }),
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
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'enrolment.not_found',
      'enrolment.wrong_state',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 10_000,
  }),
  abandonEnrolment: defineCall({
    input: byEnrolment,
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'enrolment.not_found',
      'enrolment.wrong_state',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 10_000,
  }),
  ...activityCalls,
  ...customerCalls,
  ...updateCalls,
  /** Asks the backend for everything new, now. */
  syncNow: defineCall({
    input: nothing,
    output: nothing,
    errors: ['sync.unreachable', 'sync.refused'],
    deadlineMs: 30_000,
  }),
} as const;

export const streams = {
  kiosk: defineStream(kioskViewSchema),
  locks: defineStream(locksViewSchema),
  alarms: defineStream(alarmsViewSchema),
  newLocks: defineStream(newLocksViewSchema),
  attempt: defineStream(attemptViewSchema),
  group: defineStream(groupViewSchema),
  enrolments: defineStream(enrolmentsViewSchema),
  health: defineStream(healthViewSchema),
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type StreamName = keyof typeof streams;
export type StreamSnapshot<N extends StreamName> = z.output<(typeof streams)[N]['snapshot']>;

export const callNames = Object.keys(calls) as [CallName, ...CallName[]];
export const streamNames = Object.keys(streams) as [StreamName, ...StreamName[]];
