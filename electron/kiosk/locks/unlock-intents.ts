/**
 * What makes "no opening without a record" true. Before a command can leave, the attempt is written down durably; once its
 * access event is in the journal the note goes. So a disk that cannot be written to refuses the attempt before the lock is
 * reached, and a kiosk that dies in between finds the note at its next start and records that the outcome is not known.
 */
import { z } from 'zod';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../platform/logger.ts';
import type { Notes } from '../platform/notes.ts';

const noteKey = 'unlock-intent';

const intentSchema = z.strictObject({
  attemptId: uuidSchema,
  serialNumber: serialNumberSchema,
  staffId: uuidSchema,
});
export type UnlockIntent = z.infer<typeof intentSchema>;

export interface UnlockIntents {
  /** Durable when ok. `storage.*` when it cannot be, also while earlier events still wait for the disk. */
  begin(intent: UnlockIntent): Promise<Result<null>>;
  /** The attempt's access event is stored. */
  end(): Promise<void>;
  /** Records what a killed kiosk left open; call it once at start. */
  recover(): Promise<void>;
}

export interface UnlockIntentsOptions {
  readonly notes: Notes;
  readonly journal: Journal;
  readonly logger: Logger;
}

export const createUnlockIntents = ({ notes, journal, logger }: UnlockIntentsOptions): UnlockIntents => {
  const end = async (): Promise<void> => {
    const written = await notes.writeNote(noteKey, '');
    if (!written.ok) logger.warn('unlock intent not cleared', { code: written.error.code });
  };
  return {
    begin: async (intent) => {
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
