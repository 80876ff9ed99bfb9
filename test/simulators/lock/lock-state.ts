/** What a lock remembers through a loss of power, as JSON. */
import { z } from 'zod';
import { eventKinds } from '#kiosk/link/wire/results.ts';

const hexSchema = z.string().regex(/^(?:[0-9a-f]{2})*$/);

export const lockStateSchema = z.strictObject({
  version: z.literal(1),
  /** 32 bytes, drawn anew at every release. */
  lockSecret: hexSchema,
  /** Ciphertext of the secret under the vendor's key: the same until the secret changes. */
  enrolmentCode: hexSchema,
  /** The customer's public key (uncompressed point) that the lock is bound to; null while unprovisioned. */
  customerKey: hexSchema.nullable(),
  /** Highest seen. */
  customerEpoch: z.int().min(0),
  keyEpoch: z.int().min(0),
  /** Of the newest revocation list seen. */
  revocationVersion: z.int().min(0),
  /** The lock's clock: see `lock-clock.ts`. Milliseconds. */
  clock: z.strictObject({
    floor: z.number(),
    rtcAtFloor: z.number(),
    exact: z.boolean(),
    /** Of the last time token. */
    setAt: z.number().default(0),
    stopped: z.boolean(),
  }),
  /** Unlocks still allowed while the clock is known to have stopped: only a time token makes them more. */
  unlocksWithoutTime: z.int().min(0),
  /** Sessions that failed to prove themselves, since the last that did not. */
  failures: z.int().min(0),
  battery: z.int().min(0).max(100),
  tamper: z.boolean(),
  nextEvent: z.int().min(1),
  events: z.array(
    z.strictObject({
      sequence: z.int(),
      /** Seconds since 1970 by the lock's clock. */
      at: z.int(),
      kind: z.enum(eventKinds),
      actorHash: hexSchema.nullable(),
    }),
  ),
});
export type LockState = z.infer<typeof lockStateSchema>;

/** Where the state is kept. Writing is synchronous: a lock acts only on what it has remembered. */
export interface LockMemory {
  /** What was written last, unchecked; null for a lock that has never run. */
  read(): unknown;
  write(state: LockState): void;
}

/** Forgets when the process ends. */
export const volatileMemory = (): LockMemory => {
  let kept: string | null = null;
  return {
    read: (): unknown => (kept === null ? null : JSON.parse(kept)),
    write: (state) => {
      kept = JSON.stringify(state);
    },
  };
};
