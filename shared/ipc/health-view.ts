/** What Health tells of each part of the kiosk. */
import { z } from 'zod';
import { unlockStages } from '../models/access-event.ts';
import { noAnswers } from '../models/no-answer.ts';
import { epochMsSchema } from '../models/primitives.ts';
import { updatesViewSchema } from './update-view.ts';

/** One sentence per part: the page words `state`; `since` is when it began. */
const part = <const T extends readonly [string, ...string[]]>(states: T) =>
  z.strictObject({ state: z.enum(states), since: epochMsSchema });

export const healthViewSchema = z.strictObject({
  radio: part(['ready', 'starting', 'no_dongle', 'no_permission', 'stuck']).extend({
    /** Medians of the last successful unlocks, in ms by stage; absent before the first. */
    unlockMs: z.partialRecord(z.enum(unlockStages), z.int().min(0)).optional(),
  }),
  connection: part(['online', 'offline', 'refused', 'unregistered']).extend({
    /** Why there was no answer, where that is known. */
    noAnswer: z.enum(noAnswers).optional(),
    /** What is asked for comes, and what is sent is not taken. */
    sendingRefused: z.literal(true).optional(),
    /** Changes of this kiosk that the backend has not acknowledged. */
    waiting: z.int().min(0),
    lastContactAt: epochMsSchema.nullable(),
    /** Progress of a long pull: documents received and documents in all; null when nothing is being pulled. */
    pulling: z.strictObject({ received: z.int(), total: z.int() }).nullable(),
    /** Rows that could not be stored, on either side. */
    invalidRows: z.int().min(0),
  }),
  certificates: part(['valid', 'renew_soon', 'expired', 'missing']).extend({
    validUntil: epochMsSchema.nullable(),
  }),
  /** Offline lease: until when the kiosk opens locks without contact. */
  lease: part(['valid', 'expired', 'none']).extend({ until: epochMsSchema.nullable() }),
  time: part(['checked', 'unchecked', 'wrong']).extend({
    /** Kiosk time minus backend time in ms when last checked; null before that, and after the clock was seen to be turned. */
    skewMs: z.int().nullable(),
  }),
  vault: part(['ready', 'no_secret_store', 'cannot_open']).extend({
    /** Of the key that signs for the kiosk, 64 hexadecimal digits; left out where there is none. */
    fingerprint: z.string().optional(),
  }),
  /** Whether data of this kiosk was lost within the last weeks, or saved out of a damaged file. */
  data: part(['whole', 'salvaged', 'lost']),
  updates: updatesViewSchema.optional(),
});
export type HealthView = z.infer<typeof healthViewSchema>;
