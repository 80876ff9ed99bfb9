/** What a closing sweep has found. */
import { z } from 'zod';
import { serialNumberSchema } from './primitives.ts';

/** Of so many locks that were not locked the serial numbers are kept. */
export const mostSwept = 500;

const count = z.int().min(0);
export const sweepSchema = z.strictObject({
  /** How many locks were heard, and said that they are locked. */
  heardLocked: count,
  /** How many were not heard, and somebody has seen them locked. */
  seenLocked: count,
  /** How many are open, or were neither heard nor seen. */
  notLocked: count,
  /** How many of these said that they are open; the others were not confirmed. Left out by releases that did not tell them apart. */
  heardOpen: count.optional(),
  /** Which these are, in order. */
  serialNumbers: z.array(serialNumberSchema).max(mostSwept),
});
export type Sweep = z.infer<typeof sweepSchema>;
