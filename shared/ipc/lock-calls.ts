/** What is asked of one lock of the store but to open it. */
import { z } from 'zod';
import { serialNumberSchema } from '../models/primitives.ts';
import { reachErrors, rightsErrors, trustErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';
import { mostRingEvents, ringEventViewSchema } from './views.ts';

const bySerial = z.strictObject({ serialNumber: serialNumberSchema });
/** Of whatever needs a connection to a lock whose key is here. */
const atOwnLock = [
  'staff.not_signed_in',
  ...rightsErrors,
  ...reachErrors,
  ...trustErrors,
  'lock.not_provisioned',
  'lock.other_store',
] as const;

export const lockCalls = {
  /** Asks the lock, authenticated, for its state: the way out of "not known". */
  askLock: defineCall({
    input: bySerial,
    output: z.strictObject({ bolt: z.enum(['open', 'locked']), battery: z.int().min(0).max(100) }),
    errors: atOwnLock,
    deadlineMs: 20_000,
  }),
  /** Reads what the lock itself has kept of what it did, newest first. */
  readLockRecord: defineCall({
    input: bySerial,
    output: z.strictObject({ events: z.array(ringEventViewSchema).max(mostRingEvents) }),
    errors: atOwnLock,
    deadlineMs: 20_000,
  }),
  /** Gives a lock back whose release the back office has ordered (`toBeReleased`): it is new again, and the store loses it. */
  releaseLock: defineCall({
    input: bySerial,
    output: nothing,
    errors: [...atOwnLock, 'lock.outcome_unknown', 'lock.not_to_be_released'],
    deadlineMs: 25_000,
  }),
  /** Makes a lock blink and beep, so that the person finds it. */
  identify: defineCall({
    input: bySerial,
    output: nothing,
    errors: atOwnLock,
    deadlineMs: 20_000,
  }),
} as const;
