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
  /** What is downloaded, waits or is installed, and what it brings. */
  offered: z
    .strictObject({ version: z.string(), words: z.partialRecord(languageSchema, z.string()) })
    .optional(),
  problem: appErrorSchema.optional(),
  /** When this version was installed, for a day. */
  updatedAt: epochMsSchema.optional(),
});
export type UpdatesView = z.infer<typeof updatesViewSchema>;
