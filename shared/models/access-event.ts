import { z } from 'zod';
import { badgeHashSchema, mostBadges } from '../badges/badge-number.ts';
import { errorCodes } from '../errors/table.ts';
import { reasonCodeSchema } from '../rights/model.ts';
import { alarmKindSchema } from './alarm.ts';
import { batteriesSchema, batteryRoundSchema } from './battery.ts';
import { namingSchema } from './naming.ts';
import { sweepSchema } from './sweep.ts';
import { epochMsSchema, labelSchema, serialNumberSchema, uuidSchema } from './primitives.ts';

export const unlockStages = ['find', 'connect', 'authenticate', 'actuate'] as const;
export type UnlockStage = (typeof unlockStages)[number];

/** What an access event says happened. */
export const accessEventKinds = [
  'unlocked',
  'not_unlocked',
  'unlock_unknown',
  /** A person was refused at a lock, before any attempt: `errorCode` says by what. */
  'refused',
  /** A lock with a delay was asked for: it can be opened once that is over. */
  'opening_asked',
  /** Somebody has called off what was asked for. */
  'opening_called_off',
  'enrolment_captured',
  'lock_provisioned',
  /** The lock has been given back to its maker: the backend forgets it and its key. */
  'lock_released',
  /** A person has given a lock another name or group: the backend does the same. */
  'lock_renamed',
  /** A person has put another lock in this lock's place: `replacement` says which. The backend does the same. */
  'lock_replaced',
  /** Something happened that a person has to acknowledge: `alarm` says what. Nobody is named. */
  'alarm_raised',
  /** A person has. */
  'alarm_acknowledged',
  /** It is over (`shared/models/alarm.ts` says when). */
  'alarm_ended',
  /** A person has signed whether the store's locks are locked: `sweep` says what was found. */
  'closing_sweep',
  /** Once a day: `batteries` is what locks have said of theirs. Nobody is named. */
  'batteries_read',
  /** A person has changed batteries: `round` says whose, and which were left. */
  'battery_round',
  /** Somebody has said that a customer is waiting; the person of `staffId`, where one was signed in. */
  'customer_waiting',
  /** A lock was opened for that customer: `served` says after how long. */
  'customer_served',
  /** A person has said that nobody is waiting any more. */
  'customer_called_off',
  /** Nothing was opened in all the time that a customer waits. */
  'customer_lapsed',
  /** A person has looked whether a lock is open of which nobody knew. */
  'outcome_checked',
  'signed_in',
  /** A PIN or a badge was not taken, to sign in or for what `purpose` says; or whoever had proved who they are was refused that. */
  'sign_in_refused',
  'signed_out',
  /** `approver` has let the person of `staffId` in again, who was paused after wrong PINs. */
  'pause_lifted',
  /** `approver` has given the person of `staffId` a badge, by presenting it. */
  'badge_assigned',
  /** `approver` has blocked badges of the person of `staffId`. */
  'badge_blocked',
  /** Events at this place could not be kept: the disk was full for too long. None of them was an unlock. */
  'events_lost',
  /** The kiosk learned the true time and its clock had been wrong: what that says of earlier events is in `correction`. */
  'clock_corrected',
  /** A person has taken a copy of the journal away: what they took is in `exported`. */
  'activity_exported',
  /** A person has taken a list of the store's locks away: what they took is in `lockList`. */
  'locks_exported',
  /** A person has left the kiosk, for the computer's own desktop: its program has ended. */
  'kiosk_left',
  /** A person has said when a version that waits is installed: `update` says which, and when. */
  'update_chosen',
  /** A version was installed, or gone back from: `update` says which. Nobody is named. */
  'update_done',
] as const;

/** What people prove who they are for, but to sign in: `opening` by what a lock asks for beside it. */
export const proofPurposes = ['opening', 'second_person', 'lift_pause', 'export', 'leave'] as const;
export type ProofPurpose = (typeof proofPurposes)[number];

/** As what the journal is handed out: a table for a spreadsheet, or the chain itself, signed. */
export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];
/** As what a list of locks is handed out: a workbook, or a table of text. */
export const listFormats = ['xlsx', 'csv'] as const;
export const lockListSchema = z.strictObject({ format: z.enum(listFormats), locks: z.int().min(0) });

/** What was said of a version of the kiosk's program, or became of it. */
export const updateTurnSchema = z.strictObject({
  version: z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/),
  what: z.enum(['now', 'tonight', 'installed', 'went_back']),
});

/** How a person has proved who they are. */
export const signInMethods = ['pin', 'badge', 'both'] as const;
export type SignInMethod = (typeof signInMethods)[number];
const methodSchema = z.enum(signInMethods);

/** Why somebody opens: one of the choices of the group's rule, and its number (a receipt's, a case's) where one was given. */
export const givenReasonSchema = z.strictObject({
  code: reasonCodeSchema,
  number: labelSchema(40).min(1).optional(),
});
export type GivenReason = z.infer<typeof givenReasonSchema>;

/**
 * How, with whom and why something was opened, or was not. Only with `unlocked`, `not_unlocked`, `unlock_unknown`, `refused`,
 * `pause_lifted`, of badges and of delays, and only where the backend has set rights: one that knows none takes no event that has them.
 */
export const circumstances = {
  /** How the person proved who they are; also with `signed_in`, where it was not by PIN alone. */
  method: methodSchema.optional(),
  /** Who confirmed it, beside the person of `staffId`. */
  approver: z
    .strictObject({ staffId: uuidSchema, method: methodSchema, duress: z.literal(true).optional() })
    .optional(),
  /**
   * The person of `staffId` has used their duress PIN; of an approver it stands with them. Also with `signed_in`,
   * `activity_exported`, `locks_exported` and `kiosk_left`. Only where such a PIN was set, by a backend that knows of it. Nothing at the kiosk shows it.
   */
  duress: z.literal(true).optional(),
  reason: givenReasonSchema.optional(),
  /** Of a lock with a delay: who had asked for it, and how many seconds before. */
  waited: z.strictObject({ staffId: uuidSchema, seconds: z.int().min(0) }).optional(),
  /** The lock's group at that time. */
  group: labelSchema(60).optional(),
} as const;
export type Circumstances = z.infer<z.ZodObject<typeof circumstances>>;

/**
 * One entry of a kiosk's journal. `sequence` counts from 1 without gaps per kiosk and is the order of events whatever the
 * clock says. `hash` is the SHA-256 (hex) of `previousHash` followed by the canonical JSON of the other fields; the first
 * event's `previousHash` is 64 zeros. See `journal-hash.ts`.
 */
export const accessEventSchema = z.strictObject({
  eventId: uuidSchema,
  kioskId: uuidSchema,
  sequence: z.int().min(1),
  at: epochMsSchema,
  kind: z.enum(accessEventKinds),
  staffId: uuidSchema.nullable(),
  serialNumber: serialNumberSchema.nullable(),
  attemptId: uuidSchema.nullable(),
  errorCode: z.enum(errorCodes).nullable(),
  /** Whether the kiosk had contact to its backend when it happened. */
  offline: z.boolean(),
  /** Milliseconds that each stage of an unlock took. */
  stageMs: z.partialRecord(z.enum(unlockStages), z.int().min(0)),
  /** By what clock `at` was told; older events have none. */
  clock: z
    .strictObject({
      /** One run of the kiosk's core. */
      run: uuidSchema,
      /** How long that run had lasted: no one can set this. */
      uptimeMs: z.int().min(0),
      /** What the machine's own clock said. */
      machine: epochMsSchema,
    })
    .optional(),
  /** Only with `clock_corrected`, whose `at` is the true time. */
  correction: z
    .strictObject({
      /** Events up to this one were recorded by a clock that a later check found right. */
      afterSequence: z.int().min(0),
      /** When that check was, in true time; null where there was none. */
      checkedAt: epochMsSchema.nullable(),
      /** By how much the kiosk's clock was set, in ms: positive where it had been behind. */
      byMs: z.int(),
    })
    .optional(),
  /** Only with `lock_released`: the order that it answers. Left out where the order has no id of its own. */
  orderId: uuidSchema.optional(),
  /** Only with `lock_renamed`: what the person saw, and what they made of it. */
  renaming: z.strictObject({ from: namingSchema, to: namingSchema }).optional(),
  /**
   * Only with `lock_replaced`, whose `place` is the one that changes hands: the lock that is in it now, what that was called before,
   * and what the place was called.
   */
  replacement: z.strictObject({ by: serialNumberSchema, was: namingSchema, naming: namingSchema }).optional(),
  /** The place that the lock was in. Left out of a lock in none, and where the backend knows no places. */
  place: uuidSchema.optional(),
  /** Only with `alarm_raised`, `alarm_acknowledged` and `alarm_ended`; `serialNumber` is null of what is no lock's. */
  alarm: alarmKindSchema.optional(),
  /** Only with `closing_sweep`. */
  sweep: sweepSchema.optional(),
  /** Only with `batteries_read`. */
  batteries: batteriesSchema.optional(),
  /** Only with `battery_round`. */
  round: batteryRoundSchema.optional(),
  /** Only with `customer_served`: seconds by a clock that nobody can set. */
  served: z.strictObject({ seconds: z.int().min(0) }).optional(),
  /** Only with `activity_exported`. */
  exported: z.strictObject({ format: z.enum(exportFormats), events: z.int().min(0) }).optional(),
  /** Only with `locks_exported`. */
  lockList: lockListSchema.optional(),
  /** Only with `update_chosen` and `update_done`. */
  update: updateTurnSchema.optional(),
  /** Only with `sign_in_refused`, where it was not to sign in. */
  purpose: z.enum(proofPurposes).optional(),
  /** Only with `badge_assigned` and `badge_blocked`: what those badges are known by, never their numbers. */
  badges: z.array(badgeHashSchema).min(1).max(mostBadges).optional(),
  /** Only with `badge_blocked`: these are all that the person had, so that one of which that kiosk has not heard is blocked, too. */
  allBadges: z.literal(true).optional(),
  ...circumstances,
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AccessEvent = z.infer<typeof accessEventSchema>;

/** An access event before it has its place in the chain: what happened, and when. */
export const plannedEventSchema = accessEventSchema.omit({ sequence: true, previousHash: true, hash: true });
export type PlannedEvent = z.infer<typeof plannedEventSchema>;
