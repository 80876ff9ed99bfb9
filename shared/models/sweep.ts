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
  /** Which these are, in order. */
  serialNumbers: z.array(serialNumberSchema).max(mostSwept),
});
export type Sweep = z.infer<typeof sweepSchema>;
