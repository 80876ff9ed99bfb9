/** What the page is told of the kiosk's journal: a page of it at a time, with names as they are now. */
import { z } from 'zod';
import { errorCodes } from '../errors/table.ts';
import {
  accessEventKinds,
  exportFormats,
  givenReasonSchema,
  lockListSchema,
  proofPurposes,
  updateTurnSchema,
  signInMethods,
} from '../models/access-event.ts';
import { alarmKindSchema } from '../models/alarm.ts';
import { eventTimeBases } from '../models/event-time.ts';
import { epochMsSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { dateSchema } from '../rights/model.ts';

/** So many of the locks that a closing check, or a battery round, is about are named. */
export const mostSweptShown = 20;

/** What kind of thing happened, for whoever looks for one. */
export const activityOutcomes = [
  'opened',
  'not_opened',
  'unknown',
  'refused',
  'signing_in',
  'customers',
  'locks',
  'kiosk',
] as const;
export type ActivityOutcome = (typeof activityOutcomes)[number];

/** Rows that one answer holds at most. */
export const activityPage = 50;

/** All that is given has to fit. */
export const activityFilterSchema = z
  .strictObject({
    /** Who did it, or confirmed it. */
    staffId: uuidSchema.optional(),
    serialNumber: serialNumberSchema.optional(),
    /** As it was then; of what says none, as it is now. */
    group: z.string().max(60).optional(),
    /** Whichever lock was in it; of what says none, as it is now. */
    place: uuidSchema.optional(),
    outcome: z.enum(activityOutcomes).optional(),
    method: z.enum(signInMethods).optional(),
    /** By the clock on the store's wall. */
    day: dateSchema.optional(),
    /** Of that day, 0 to 23. */
    hour: z.int().min(0).max(23).optional(),
  })
  .refine(({ day, hour }) => hour === undefined || day !== undefined, 'an hour is one of a day');
export type ActivityFilter = z.output<typeof activityFilterSchema>;

/** `name` is null of somebody, or something, that is not known any more. */
const personSchema = z.strictObject({ staffId: uuidSchema, name: z.string().nullable() });
const lockSchema = z.strictObject({ serialNumber: serialNumberSchema, name: z.string().nullable() });
/** `name` is null of one in which no lock is that is known here. */
const placeSchema = z.strictObject({ place: uuidSchema, name: z.string().nullable() });
const namingSchema = z.strictObject({ name: z.string(), group: z.string() });

/** Where an event is: with the back office, since when as far as this kiosk remembers; refused there for good; or only here. */
export const deliverySchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('held'), since: epochMsSchema.nullable() }),
  z.strictObject({ state: z.literal('refused') }),
  z.strictObject({ state: z.literal('waiting') }),
]);
export type Delivery = z.infer<typeof deliverySchema>;

export const activityRowSchema = z.strictObject({
  eventId: uuidSchema,
  sequence: z.int().min(1),
  /** Its true time as far as it is known, and how it is known. */
  at: epochMsSchema,
  basis: z.enum(eventTimeBases),
  /** By the clock on the store's wall. */
  day: dateSchema,
  kind: z.enum(accessEventKinds),
  outcome: z.enum(activityOutcomes),
  person: personSchema.nullable(),
  lock: lockSchema.nullable(),
  group: z.string().nullable(),
  method: z.enum(signInMethods).nullable(),
  approver: personSchema.extend({ method: z.enum(signInMethods) }).nullable(),
  /** `name` is null where the choice is not one of the group's any more; `numberName` is what its number is called. */
  reason: givenReasonSchema
    .extend({ name: z.string().nullable(), numberName: z.string().nullable() })
    .nullable(),
  errorCode: z.enum(errorCodes).nullable(),
  offline: z.boolean(),
  /** Of a lock with a delay: who had asked for it, and how many seconds before. */
  waited: z.strictObject({ person: personSchema, seconds: z.int().min(0) }).nullable(),
  /** How long the opening took, in ms; null where nothing was measured. */
  tookMs: z.int().min(0).nullable(),
  /** Of an alarm: which; `lock` is null of what is the kiosk's. */
  alarm: alarmKindSchema.nullable(),
  renaming: z.strictObject({ from: namingSchema, to: namingSchema }).nullable(),
  /** The place that the lock was in, where one is known. */
  place: placeSchema.optional(),
  /** Of a replacement: which lock is in the place now, and what that is called. */
  replacement: z.strictObject({ by: serialNumberSchema, naming: namingSchema }).optional(),
  /** By how much the clock was set, in ms. */
  clockSetByMs: z.int().nullable(),
  exported: z.strictObject({ format: z.enum(exportFormats), events: z.int().min(0) }).nullable(),
  /** Of a list of locks that was taken away. */
  lockList: lockListSchema.optional(),
  /** Of the kiosk's own program: which version, and what was said of it or became of it. */
  update: updateTurnSchema.optional(),
  /** Of whoever was refused: what they had proved, or tried to prove, who they are for; left out: to sign in. */
  purpose: z.enum(proofPurposes).optional(),
  /** Of a customer who was served: how long they had waited. */
  servedSeconds: z.int().min(0).nullable(),
  /** Of a closing check: what was found, and the first of the locks that were not locked. */
  sweep: z
    .strictObject({
      heardLocked: z.int().min(0),
      seenLocked: z.int().min(0),
      notLocked: z.int().min(0),
      /** Of these. */
      heardOpen: z.int().min(0).optional(),
      locks: z.array(lockSchema).max(mostSweptShown),
    })
    .nullable(),
  /** Of batteries that were read: of how many locks. */
  batteries: z.int().min(1).optional(),
  /** Of a battery round: how many were changed and how many were left, and the first of each. */
  round: z
    .strictObject({
      changed: z.int().min(0),
      left: z.int().min(0),
      changedLocks: z.array(lockSchema).max(mostSweptShown),
      leftLocks: z.array(lockSchema).max(mostSweptShown),
    })
    .optional(),
  delivery: deliverySchema,
});
export type ActivityRow = z.infer<typeof activityRowSchema>;

export const activityAnswerSchema = z.strictObject({
  rows: z.array(activityRowSchema).max(activityPage),
  /** Where the next page begins (`before`); null: nothing older is here. */
  next: z.int().min(1).nullable(),
});

const figuresSchema = z.strictObject({
  count: z.int().min(0),
  /** Seconds: half waited no longer, and nine in ten. */
  median: z.int().min(0),
  ninetieth: z.int().min(0),
});

export const activitySummarySchema = z.strictObject({
  today: dateSchema,
  /** That of the filter, else today. */
  day: dateSchema,
  /** By hour of that day, 0 to 23: what was opened, and what was refused to somebody who asked for it. */
  hours: z.array(z.strictObject({ opened: z.int().min(0), refused: z.int().min(0) })).length(24),
  /** Of that day: how long customers waited for the first lock, and how many nobody opened anything for. */
  serving: z.strictObject({
    all: figuresSchema,
    lapsed: z.int().min(0),
    /** '' of locks without a group. */
    groups: z.array(figuresSchema.extend({ group: z.string() })).max(500),
    /** Those in which somebody was served. */
    hours: z.array(figuresSchema.extend({ hour: z.int().min(0).max(23) })).max(24),
  }),
  /** What somebody should look into, most pressing first; none of a kind where there is nothing. */
  attention: z
    .array(
      z.discriminatedUnion('kind', [
        /** `lock` is the one that has been unknown for longest. */
        z.strictObject({
          kind: z.literal('unknown'),
          count: z.int().min(1),
          lock: lockSchema,
          since: epochMsSchema,
        }),
        /** One person, so often in a row, within a day. */
        z.strictObject({
          kind: z.literal('refusals'),
          count: z.int().min(1),
          person: personSchema,
          at: epochMsSchema,
        }),
        z.strictObject({ kind: z.literal('not_sent'), count: z.int().min(1), since: epochMsSchema }),
      ]),
    )
    .max(3),
  /** The days of which something is here, newest first. */
  days: z.array(dateSchema).max(400),
  /** The groups that events name, and the people who have done something here, by name. */
  groups: z.array(z.string()).max(500),
  people: z.array(personSchema).max(1_000),
});
export type ActivitySummary = z.infer<typeof activitySummarySchema>;
export type Attention = ActivitySummary['attention'][number];

/** `brokenAt` is the sequence number of the first event that does not follow from the one before it; null: each does. */
export const journalCheckSchema = z.strictObject({
  events: z.int().min(0),
  /** When the oldest of them was; null where there is none. */
  since: epochMsSchema.nullable(),
  brokenAt: z.int().min(1).nullable(),
});
export type JournalCheck = z.infer<typeof journalCheckSchema>;

export const exportStartSchema = z.strictObject({
  exportId: uuidSchema,
  fileName: z.string().max(120),
  parts: z.int().min(1),
  events: z.int().min(0),
});
