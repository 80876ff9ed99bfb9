/** Of the contract, what concerns who is at the screen. */
import { z } from 'zod';
import { uuidSchema } from '../models/primitives.ts';
import { badgeReadSchema } from './badge-calls.ts';
import { badgeErrors, ownProofErrors, pinErrors, rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

export const pinSchema = z.string().regex(/^[0-9]{4,8}$/);
/** Somebody beside whoever is signed in, by PIN or by what a badge reader has typed. They are not signed in by it. */
export const approvalSchema = z.union([
  z.strictObject({ staffId: uuidSchema, pin: pinSchema }),
  z.strictObject({ read: badgeReadSchema }),
]);
export type Approval = z.output<typeof approvalSchema>;
export const ownProofSchema = z.union([
  z.strictObject({ pin: pinSchema }),
  z.strictObject({ read: badgeReadSchema }),
]);
export type OwnProof = z.output<typeof ownProofSchema>;
export const personSchema = z.strictObject({ staffId: uuidSchema, name: z.string() });

export const signInCalls = {
  signIn: defineCall({
    input: z.strictObject({ staffId: uuidSchema, pin: pinSchema }),
    output: nothing,
    errors: [
      'staff.wrong_pin',
      'staff.locked_out',
      'staff.unknown',
      'staff.not_yet',
      'staff.ended',
      'rights.not_permitted',
      'rights.not_understood',
      'storage.disk_full',
      'storage.read_only',
    ],
    deadlineMs: 10_000,
  }),
  /**
   * With what a badge reader has typed, in place of whoever is signed in; their own badge proves them by badge and PIN. What was read
   * comes back in no answer.
   */
  signInByBadge: defineCall({
    input: z.strictObject({ read: badgeReadSchema }),
    output: nothing,
    errors: [
      ...badgeErrors,
      'staff.locked_out',
      'staff.not_yet',
      'staff.ended',
      'rights.not_permitted',
      'rights.not_understood',
    ],
    deadlineMs: 10_000,
  }),
  /** Who may let that person in again, who is paused after wrong PINs. By name; nobody where none was given a role that allows it. */
  whoMayLift: defineCall({
    input: z.strictObject({ staffId: uuidSchema }),
    output: z.strictObject({ people: z.array(personSchema) }),
    errors: [],
    deadlineMs: 5_000,
  }),
  /** Somebody who may lets that person in again, by their own PIN or badge. Nobody is signed in by it. */
  liftPause: defineCall({
    input: z.strictObject({ staffId: uuidSchema, by: approvalSchema }),
    output: nothing,
    errors: [...rightsErrors, 'rights.same_person', ...pinErrors, ...badgeErrors],
    deadlineMs: 10_000,
  }),
  /** Whose badge is held to the reader while somebody else is signed in: who confirms, before they are asked what. Signs nobody in. */
  whoseBadge: defineCall({
    input: z.strictObject({ read: badgeReadSchema }),
    output: z.strictObject({ staffId: uuidSchema }),
    errors: ['staff.not_signed_in', ...badgeErrors, 'staff.locked_out'],
    deadlineMs: 5_000,
  }),
  /**
   * Whoever is signed in proves it by their badge, too, or by their PIN: some locks want both (`needs.proof`). Once is enough until they
   * are signed out.
   */
  proveSelf: defineCall({
    input: ownProofSchema,
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...pinErrors,
      ...badgeErrors,
      'badge.not_yours',
      'staff.not_yet',
      'staff.ended',
      'rights.not_permitted',
      'rights.not_understood',
    ],
    deadlineMs: 10_000,
  }),
  /**
   * Whoever is signed in leaves the kiosk, and proves once more who they are: its program ends, for the computer's own desktop. It goes
   * into the journal.
   */
  leaveKiosk: defineCall({
    input: ownProofSchema,
    output: nothing,
    errors: ['staff.not_signed_in', ...rightsErrors, ...ownProofErrors, 'kiosk.cannot_leave'],
    deadlineMs: 10_000,
  }),
  signOut: defineCall({ input: nothing, output: nothing, errors: [], deadlineMs: 5_000 }),
  /** Somebody is there, signed in or not: postpones the idle sign-out, and an update. */
  touch: defineCall({ input: nothing, output: nothing, errors: [], deadlineMs: 5_000 }),
} as const;
