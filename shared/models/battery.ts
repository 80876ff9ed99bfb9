/** What the journal says of batteries: what locks said of them, and a round of those that were changed. */
import { z } from 'zod';
import { epochMsSchema, serialNumberSchema } from './primitives.ts';

/** One event names so many locks at the most. */
export const mostBatteries = 500;

export const percentSchema = z.int().min(0).max(100);

/** By lock, as it last said within a day before the event, and when: a battery may have been changed since. */
export const batteriesSchema = z
  .array(z.strictObject({ serialNumber: serialNumberSchema, percent: percentSchema, heardAt: epochMsSchema }))
  .min(1)
  .max(mostBatteries);

const serialNumbers = z.array(serialNumberSchema).max(mostBatteries);
export const batteryRoundSchema = z.strictObject({
  /** Whose batteries that person has changed, in order. */
  changed: serialNumbers,
  /** How many were to be changed, or looked at, and were not. */
  left: z.int().min(0),
  /** Which these are, in order. */
  serialNumbers,
});
export type BatteryRound = z.infer<typeof batteryRoundSchema>;
