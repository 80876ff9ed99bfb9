import { z } from 'zod';
import { errorCodes } from '../errors/table.ts';
import { epochMsSchema, serialNumberSchema, uuidSchema } from './primitives.ts';

export const unlockStages = ['find', 'connect', 'authenticate', 'actuate'] as const;
export type UnlockStage = (typeof unlockStages)[number];

/** What an access event says happened. */
export const accessEventKinds = [
  'unlocked',
  'not_unlocked',
  'unlock_unknown',
  'enrolment_captured',
  'lock_provisioned',
  'signed_in',
  'sign_in_refused',
  'signed_out',
  /** Events at this place could not be kept: the disk was full for too long. None of them was an unlock. */
  'events_lost',
] as const;

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
  previousHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AccessEvent = z.infer<typeof accessEventSchema>;

/** An access event before it has its place in the chain: what happened, and when. */
export type PlannedEvent = Omit<AccessEvent, 'sequence' | 'previousHash' | 'hash'>;
