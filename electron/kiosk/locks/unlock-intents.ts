/**
 * What makes "no opening without a record" true. Before a command can leave, the attempt is written down durably; once its
 * access event is in the journal the note goes. So a disk that cannot be written to refuses the attempt before the lock is
 * reached, and a kiosk that dies in between finds the note at its next start and records that the outcome is not known.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../platform/logger.ts';
import type { Notes } from '../platform/notes.ts';

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
});
export type UnlockIntent = z.infer<typeof intentSchema>;

export interface UnlockIntents {
  /**
   * Durable when ok. `storage.*` when it cannot be, also while earlier events still wait for the disk, and
   * `storage.journal_full` while too much waits for the backend.
   */
  begin(intent: UnlockIntent): Promise<Result<null>>;
  /** The attempt's access event is stored. */
  end(): Promise<void>;
  /** Records what a killed kiosk left open; call it once at start. */
  recover(): Promise<void>;
}

export interface UnlockIntentsOptions {
  readonly notes: Notes;
  readonly data: Pick<KioskData, 'hasEventOfAttempt'>;
  readonly journal: Pick<Journal, 'catchUp' | 'record'>;
  /** `waiting`: how many changes the backend has not acknowledged. */
  readonly replication: { readonly state: { readonly waiting: number } };
  readonly logger: Logger;
}

export const createUnlockIntents = (options: UnlockIntentsOptions): UnlockIntents => {
  const { notes, data, journal, replication, logger } = options;
  const end = async (): Promise<void> => {
    const written = await notes.writeNote(noteKey, '');
    if (!written.ok) logger.warn('unlock intent not cleared', { code: written.error.code });
  };
  return {
    begin: async (intent) => {
      const { waiting } = replication.state;
      if (waiting >= mostUnacknowledged) return fail('storage.journal_full', { waiting });
      const caughtUp = await journal.catchUp();
      if (!caughtUp.ok) return caughtUp;
      const { attemptId, serialNumber, staffId } = intent;
      const written = await notes.writeNote(noteKey, JSON.stringify({ attemptId, serialNumber, staffId }));
      return written.ok ? ok(null) : written;
    },
    end,
    recover: async () => {
      const intent = parseIntent(await notes.readNote(noteKey));
      if (!intent) return;
      // Killed after its access event was stored and before the note went: the journal says already how it ended.
      if (await data.hasEventOfAttempt(intent.attemptId)) return end();
      logger.warn('an unlock was interrupted', { attemptId: intent.attemptId });
      const recorded = await journal.record({
        kind: 'unlock_unknown',
        ...intent,
        errorCode: 'lock.outcome_unknown',
      });
      if (recorded.ok) await end();
    },
  };
};

const parseIntent = (text: string | null): UnlockIntent | null => {
  if (!text) return null;
  try {
    return intentSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
