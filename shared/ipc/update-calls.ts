/** What a person says of the kiosk's own updates: part of `contract.ts`. */
import { z } from 'zod';
import { rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

export const updateCalls = {
  /**
   * The signed-in person says when the version that waits is installed. It goes into the journal. `now`: they are signed out, and the kiosk
   * is stopped and starts anew within a minute or so; `tonight`: as it would be anyhow.
   */
  chooseUpdate: defineCall({
    input: z.strictObject({ version: z.string().min(1).max(40), when: z.enum(['now', 'tonight']) }),
    output: nothing,
    errors: [
      'staff.not_signed_in',
      ...rightsErrors,
      'update.not_waiting',
      'update.urgent',
      'update.kiosk_busy',
      'storage.disk_full',
      'storage.read_only',
    ],
    // The channel may be asked meanwhile, and may be silent.
    deadlineMs: 45_000,
  }),
} as const;
