/** When events really happened, by what the journal's own corrections say. */
import type { AccessEvent } from '#shared/models/access-event.ts';
import { timeOfEvent, type EventTime } from '#shared/models/event-time.ts';
import { walkBack, type JournalSource } from './walk.ts';

/** Reads what has been added since it was last asked: answers with a function for the events that are there now. */
export const createTrueTimes = (source: JournalSource) => {
  let corrections: readonly AccessEvent[] = [];
  let readTo = 0;
  return {
    upToNow: async (signal: AbortSignal): Promise<(event: AccessEvent) => EventTime> => {
      const newest = source.journalSequence;
      // A journal that begins again is another one.
      if (newest < readTo) {
        readTo = 0;
        corrections = [];
      }
      const found: AccessEvent[] = [];
      const after = readTo;
      await walkBack(source, newest + 1, signal, (event) => {
        if (event.sequence <= after) return false;
        if (event.kind === 'clock_corrected') found.push(event);
        return true;
      });
      if (!signal.aborted && readTo === after) {
        corrections = [...found, ...corrections];
        readTo = newest;
      }
      const known = corrections;
      return (event) => timeOfEvent(event, known);
    },
  };
};
