/**
 * Everything the page can ask of the core. Channel names, types, validation and both transports (Electron IPC, loopback
 * WebSocket) derive from this object; a handler that is missing does not compile. The page asks for intents ("unlock this
 * lock"): no call and no snapshot carries a key, a certificate or a PIN hash.
 */
import { z } from 'zod';
import { registrationCodeSchema } from '../http/registration-code.ts';
import { nameSchema } from '../models/primitives.ts';
import { alarmCalls } from './alarm-calls.ts';
import { customerCalls } from './customer-calls.ts';
import { activityCalls } from './activity-calls.ts';
import { badgeCalls } from './badge-calls.ts';
import { defineCall, defineStream, nothing } from './define.ts';
import { enrolmentCalls } from './enrolment-calls.ts';
import { enrolmentsViewSchema } from './enrolment-view.ts';
import { lockCalls } from './lock-calls.ts';
import { namingCalls } from './naming-calls.ts';
import { openingCalls } from './opening-calls.ts';
import { signInCalls } from './sign-in-calls.ts';
import { updateCalls } from './update-calls.ts';
import { healthViewSchema } from './health-view.ts';
import {
  alarmsViewSchema,
  attemptViewSchema,
  groupViewSchema,
  kioskViewSchema,
  locksViewSchema,
  newLocksViewSchema,
} from './views.ts';

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
  ...openingCalls,
  ...lockCalls,
  ...alarmCalls,
  ...namingCalls,
  ...enrolmentCalls,
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
