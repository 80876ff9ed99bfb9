/** Checks a run of access events against the chain as the backend knows it. Pure, so that every case can be tested. */
import { createHash } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import type { JournalVerdict } from '../store/tables.ts';

export interface JournalHead {
  readonly sequence: number;
  readonly hash: string;
}

export const emptyJournal: JournalHead = { sequence: 0, hash: firstPreviousHash };

export interface JudgedEvent {
  readonly event: AccessEvent;
  readonly verdict: JournalVerdict;
}

/**
 * Judges events in the order in which they came. None is turned away: an event that breaks the chain is evidence, and is
 * kept with what is wrong with it. `hashAt` gives the hash that is stored for a sequence number at or below the head.
 */
export const judgeEvents = (
  events: readonly AccessEvent[],
  head: JournalHead,
  hashAt: (sequence: number) => string | undefined,
): { readonly judged: readonly JudgedEvent[]; readonly head: JournalHead } => {
  let current = head;
  const added = new Map<number, string>();
  const stored = (sequence: number): string | undefined =>
    sequence === 0 ? firstPreviousHash : (added.get(sequence) ?? hashAt(sequence));

  const judge = (event: AccessEvent): JournalVerdict => {
    const { hash, ...rest } = event;
    if (createHash('sha256').update(journalHashInput(rest)).digest('hex') !== hash) return 'mismatch';
    if (stored(event.sequence) !== undefined) return 'fork';
    const previous = stored(event.sequence - 1);
    if (previous === undefined) return 'gap';
    return previous === event.previousHash ? 'chained' : 'fork';
  };

  const judged = events.map((event) => {
    const verdict = judge(event);
    if (verdict === 'chained' || verdict === 'gap') {
      added.set(event.sequence, event.hash);
      if (event.sequence > current.sequence) current = { sequence: event.sequence, hash: event.hash };
    }
    return { event, verdict };
  });
  return { judged, head: current };
};
