/** Rounds of the store that people have signed at this kiosk: what stays on their screens. */
import { z } from 'zod';
import { batteryRoundSchema } from './battery.ts';
import { epochMsSchema } from './primitives.ts';
import { sweepSchema } from './sweep.ts';

/** So many of each are kept: more than anybody signs in 12 hours, so that how many there were is known. */
export const mostSignedRounds = 100;

const signed = {
  /** null: a clock that was ahead said so, and nobody knows when it was. */
  at: epochMsSchema.nullable(),
  /** Who signed it; null of somebody who is not known any more. */
  name: z.string().nullable(),
};
export const signedRoundsSchema = z.strictObject({
  /** The newest first, of both. */
  sweeps: z
    .array(z.strictObject({ ...signed, ...sweepSchema.omit({ serialNumbers: true }).shape }))
    .max(mostSignedRounds),
  batteries: z
    .array(z.strictObject({ ...signed, changed: z.int().min(0), left: batteryRoundSchema.shape.left }))
    .max(mostSignedRounds),
});
export type SignedRoundsView = z.infer<typeof signedRoundsSchema>;
