/**
 * Access events that a change of an enrolment carries: stored with the change in one transaction, put into the journal right
 * after it. A kiosk that is killed in between finds them at its next start, and each gets into the journal once.
 */
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { JournalStore } from './journal-store.ts';
import { asResult } from './storage-result.ts';

export interface CarriedEvents {
  /** Those that the journal does not hold, oldest first. Those that it holds are taken off their enrolments. */
  unrecorded(): Promise<readonly PlannedEvent[]>;
  /** The journal holds this event. Never rejects for a disk that takes nothing: it is found out again at the next start. */
  recorded(eventId: string): Promise<void>;
}

export const createCarriedEvents = (parts: {
  readonly enrolments: Pick<EnrolmentStore, 'unrecorded' | 'recorded'>;
  readonly journal: Pick<JournalStore, 'hasEvent'>;
  readonly logger: Logger;
}): CarriedEvents => {
  const { enrolments, journal, logger } = parts;
  const recorded = async (eventId: string): Promise<void> => {
    const done = await asResult(() => enrolments.recorded(eventId));
    if (!done.ok) logger.warn('recorded event stays with its enrolment', { code: done.error.code });
  };
  return {
    recorded,
    unrecorded: async () => {
      const left: PlannedEvent[] = [];
      for (const event of enrolments.unrecorded()) {
        if (await journal.hasEvent(event.eventId)) await recorded(event.eventId);
        else left.push(event);
      }
      return left;
    },
  };
};
