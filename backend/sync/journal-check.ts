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

/** An event of the same kiosk that is stored already, as far as the chain is concerned. */
export type StoredEvent = Pick<AccessEvent, 'sequence' | 'hash' | 'previousHash'>;

/**
 * Judges events in the order in which they came. None is turned away: an event that breaks the chain is evidence, and is
 * kept with what is wrong with it. Each break is told once; what follows it is chained to it. `storedAt` gives the events
 * that are stored at a sequence number, but for those whose own hash is wrong.
 */
export const judgeEvents = (
  events: readonly AccessEvent[],
  head: JournalHead,
  storedAt: (sequence: number) => readonly StoredEvent[],
): { readonly judged: readonly JudgedEvent[]; readonly head: JournalHead } => {
  let current = head;
  const added = new Map<number, StoredEvent[]>();
  const at = (sequence: number): readonly StoredEvent[] => [
    ...storedAt(sequence),
    ...(added.get(sequence) ?? []),
  ];

  const judge = (event: AccessEvent): JournalVerdict => {
    const { hash, ...rest } = event;
    if (createHash('sha256').update(journalHashInput(rest)).digest('hex') !== hash) return 'mismatch';
    if (event.sequence === 1 && event.previousHash === firstPreviousHash) {
      return at(1).length === 0 ? 'chained' : 'restart';
    }
    if (at(event.sequence).some(({ previousHash }) => previousHash === event.previousHash)) return 'fork';
    const before = at(event.sequence - 1);
    if (before.length === 0) return event.sequence === 1 ? 'fork' : 'gap';
    return before.some((each) => each.hash === event.previousHash) ? 'chained' : 'fork';
  };

  const judged = events.map((event) => {
    const verdict = judge(event);
    if (verdict !== 'mismatch') {
      const place = added.get(event.sequence);
      if (place) place.push(event);
      else added.set(event.sequence, [event]);
      if (verdict === 'restart' || event.sequence > current.sequence) {
        current = { sequence: event.sequence, hash: event.hash };
      }
    }
    return { event, verdict };
  });
  return { judged, head: current };
};
