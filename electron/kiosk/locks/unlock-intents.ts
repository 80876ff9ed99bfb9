/**
 * What makes "no opening without a record" true. Before a command can leave, the attempt is written down durably; once its
 * access event is in the journal the note goes. So a disk that cannot be written to refuses the attempt before the lock is
 * reached, and a kiosk that dies in between finds the note at its next start and records that the outcome is not known.
 */
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, type Result } from '#shared/errors/app-error.ts';
import { readJson } from '#shared/models/json.ts';
import { circumstances } from '#shared/models/access-event.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Notes } from '../data/notes.ts';
import type { LockConcerns } from './concerns.ts';

const noteKey = 'unlock-intent';

/**
 * The buffer's size: years of a counter's work, some 100 MB. When it is full, unlocking stops (docs/adr/0007): an opening
 * that nobody will ever be able to read of is worse than a closed lock.
 */
export const mostUnacknowledged = 100_000;

const intentSchema = z.strictObject({
  attemptId: uuidSchema,
  serialNumber: serialNumberSchema,
  staffId: uuidSchema,
  circumstances: z.strictObject(circumstances).optional(),
});
export type UnlockIntent = z.infer<typeof intentSchema>;

/** One alone is what kiosks wrote that opened one lock at a time. */
const noteSchema = z.union([z.array(intentSchema), intentSchema.transform((intent) => [intent])]);

export interface UnlockIntents {
  /**
   * Durable when ok; repeating it changes nothing. `storage.*` when it cannot be, also while earlier events still wait for
   * the disk, and `storage.journal_full` while too much waits for the backend.
   */
  begin(intent: UnlockIntent): Promise<Result<null>>;
  /**
   * The attempt's access event is stored, or it is certain that no command has left. `waits`: the event is not stored yet;
   * the note then goes with a later one.
   */
  end(attemptId: string, event?: 'waits'): Promise<void>;
  /** Records what a killed kiosk left open; call it once at start. */
  recover(): Promise<void>;
}

export interface UnlockIntentsOptions {
  readonly notes: Notes;
  readonly data: Pick<KioskData, 'hasEventOfAttempt'>;
  readonly journal: Pick<Journal, 'catchUp' | 'record'>;
  readonly concerns: Pick<LockConcerns, 'ended'>;
  /** `waiting`: how many changes the backend has not acknowledged. */
  readonly replication: { readonly state: { readonly waiting: number } };
  readonly logger: Logger;
}

export const createUnlockIntents = (options: UnlockIntentsOptions): UnlockIntents => {
  const { notes, data, journal, concerns, replication, logger } = options;
  const open = new Map<string, UnlockIntent>();
  /** Those among them that are over, but for the disk. */
  const waitForDisk = new Set<string>();
  const writing = createQueue();

  /** One after the other, so that an older list never comes to lie over a newer one. */
  const write = (): Promise<Result<null>> =>
    writing.add(() => notes.writeNote(noteKey, open.size === 0 ? '' : JSON.stringify([...open.values()])));

  const end = async (attemptId: string, event?: 'waits'): Promise<void> => {
    if (event === 'waits') {
      waitForDisk.add(attemptId);
      return;
    }
    if (!open.delete(attemptId)) return;
    const written = await write();
    if (!written.ok) logger.warn('unlock intent not cleared', { code: written.error.code });
  };

  /** Answers false when it must be tried again at the next start. */
  const recoverOne = async (intent: UnlockIntent): Promise<boolean> => {
    // Killed after its access event was stored and before the note went: the journal says already how it ended.
    if (await data.hasEventOfAttempt(intent.attemptId)) return true;
    logger.warn('an unlock was interrupted', { attemptId: intent.attemptId });
    await concerns.ended(intent.serialNumber, { kind: 'unknown' });
    const recorded = await journal.record({
      kind: 'unlock_unknown',
      ...intent,
      errorCode: 'lock.outcome_unknown',
    });
    return recorded.ok;
  };

  return {
    begin: async (intent) => {
      const { attemptId } = intent;
      const { waiting } = replication.state;
      if (waiting >= mostUnacknowledged) return fail('storage.journal_full', { waiting });
      const over = [...waitForDisk];
      const caughtUp = await journal.catchUp();
      if (!caughtUp.ok) return caughtUp;
      for (const stored of over) {
        open.delete(stored);
        waitForDisk.delete(stored);
      }
      open.set(attemptId, intent);
      const written = await write();
      if (!written.ok) open.delete(attemptId);
      return written;
    },
    end,
    recover: async () => {
      const noted = readJson(noteSchema, await notes.readNote(noteKey)) ?? [];
      for (const intent of noted) open.set(intent.attemptId, intent);
      for (const intent of [...open.values()]) if (await recoverOne(intent)) await end(intent.attemptId);
    },
  };
};
