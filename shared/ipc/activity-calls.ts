/** The page's calls about the kiosk's journal: reading it, checking it, taking a copy away. */
import { z } from 'zod';
import { exportFormats, listFormats } from '../models/access-event.ts';
import { languageSchema } from '../models/language.ts';
import { uuidSchema } from '../models/primitives.ts';
import {
  activityAnswerSchema,
  activityFilterSchema,
  activitySummarySchema,
  exportStartSchema,
  journalCheckSchema,
} from './activity.ts';
import { ownProofErrors, rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';
import { ownProofSchema } from './sign-in-calls.ts';

export const activityCalls = {
  /**
   * Events of the kiosk's own journal, newest first, a page at a time: those before the event of this sequence number; null: the
   * newest.
   */
  readActivity: defineCall({
    input: z.strictObject({ filter: activityFilterSchema, before: z.int().min(1).nullable() }),
    output: activityAnswerSchema,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 10_000,
  }),
  /** A day's openings by hour (that of the filter, else today), what needs somebody, and what there is to choose from. */
  sumUpActivity: defineCall({
    input: z.strictObject({ filter: activityFilterSchema }),
    output: activitySummarySchema,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 10_000,
  }),
  /** Works out anew whether each event that is here follows from the one before it. */
  checkJournal: defineCall({
    input: nothing,
    output: journalCheckSchema,
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 30_000,
  }),
  /**
   * Begins an export, which is an event of the journal itself, for whoever is signed in and proves it once more. As `csv` it holds what
   * fits the filter; as `json` the chain from the first such event to the last, with all that lies between.
   */
  beginExport: defineCall({
    input: z.strictObject({
      filter: activityFilterSchema,
      format: z.enum(exportFormats),
      proof: ownProofSchema,
    }),
    output: exportStartSchema,
    errors: ['staff.not_signed_in', ...rightsErrors, 'activity.export_over', ...ownProofErrors],
    deadlineMs: 30_000,
  }),
  /** A part of it, from 0 on: the parts one after the other are the file. Its last part ends it, as its person's session does. */
  exportPart: defineCall({
    input: z.strictObject({ exportId: uuidSchema, part: z.int().min(0) }),
    output: z.strictObject({ text: z.string() }),
    errors: ['staff.not_signed_in', ...rightsErrors, 'activity.export_over'],
    deadlineMs: 10_000,
  }),
  /**
   * The locks of the store as a file, with what was last heard of each, for whoever is signed in and proves it once more; that is an event
   * of the journal itself. What the backend takes of it, it takes again (docs/backend.md, "Lists").
   */
  exportLocks: defineCall({
    input: z.strictObject({
      format: z.enum(listFormats),
      /** Of its headers. */
      language: languageSchema,
      proof: ownProofSchema,
    }),
    output: z.strictObject({
      fileName: z.string().max(120),
      locks: z.int().min(0),
      file: z.base64(),
    }),
    errors: ['staff.not_signed_in', ...rightsErrors, ...ownProofErrors],
    deadlineMs: 30_000,
  }),
} as const;
