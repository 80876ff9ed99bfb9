/** Goes through the journal from its newest event to its oldest, a piece at a time: nothing else of the kiosk waits for it. */
import { setImmediate } from 'node:timers/promises';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { KioskData } from '../data/port.ts';

export type JournalSource = Pick<KioskData, 'journalSequence' | 'journalOldest' | 'accessEventsBetween'>;

/** Events that are read at once. */
const piece = 500;

/**
 * `before`: from the event before this sequence number on; null: from the newest. Ends where `see` answers false, and where `signal`
 * is aborted.
 */
export const walkBack = async (
  source: JournalSource,
  before: number | null,
  signal: AbortSignal,
  see: (event: AccessEvent) => boolean,
): Promise<void> => {
  let end = Math.min(before ?? Infinity, source.journalSequence + 1);
  while (end > source.journalOldest && !signal.aborted) {
    const from = Math.max(source.journalOldest, end - piece);
    const events = await source.accessEventsBetween(from, end);
    for (const event of events.toReversed()) if (!see(event)) return;
    end = from;
    await setImmediate();
  }
};
