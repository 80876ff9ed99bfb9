/** The kiosk's own updates, as Health shows them; left out where IT pushes them. */
import { z } from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { languageSchema } from '../models/language.ts';
import { epochMsSchema } from '../models/primitives.ts';

export const updatesViewSchema = z.strictObject({
  state: z.enum(['unasked', 'current', 'downloading', 'waiting', 'installing', 'problem']),
  since: epochMsSchema,
  /** The version that runs. */
  version: z.string(),
  /** The host that is asked. */
  channel: z.string(),
  ring: z.enum(['pilot', 'early', 'all']),
  /** Times of the store's day between which one is installed. */
  window: z.strictObject({ from: z.string(), to: z.string() }),
  lookedAt: epochMsSchema.nullable(),
  /** Of a download, how much of it is there, 0 to 100. */
  percent: z.int().min(0).max(100).optional(),
  /** What is downloaded, waits or is installed, and what it brings. */
  offered: z
    .strictObject({
      version: z.string(),
      words: z.partialRecord(languageSchema, z.string()),
      /** It waits for nobody to be there, and not for the night. */
      urgent: z.boolean(),
    })
    .optional(),
  problem: appErrorSchema.optional(),
  /** When this version was installed, for a day. */
  updatedAt: epochMsSchema.optional(),
});
export type UpdatesView = z.infer<typeof updatesViewSchema>;

/** What of that concerns whoever stands there, on whatever screen; left out where there is nothing to say. */
export const updateNoticeSchema = z.strictObject({
  /** A version that waits, for who may say when it is installed. */
  offer: z
    .strictObject({
      version: z.string(),
      words: z.partialRecord(languageSchema, z.string()),
      window: z.strictObject({ from: z.string(), to: z.string() }),
      urgent: z.boolean(),
      /** Somebody has said that it may wait for the night. */
      tonight: z.boolean(),
      /** Why it was not installed the last time. */
      problem: appErrorSchema.optional(),
    })
    .optional(),
  /** For everybody: it is being installed, `done` of `steps` steps; the kiosk ends before the last of them. */
  installing: z.strictObject({ done: z.int().min(0), steps: z.int().min(1) }).optional(),
  /** For a day. `went_back` is told to who may say when one is installed. */
  news: z
    .discriminatedUnion('what', [
      z.strictObject({ what: z.literal('installed'), at: epochMsSchema }),
      z.strictObject({ what: z.literal('went_back'), at: epochMsSchema, version: z.string() }),
    ])
    .optional(),
});
export type UpdateNotice = z.infer<typeof updateNoticeSchema>;
