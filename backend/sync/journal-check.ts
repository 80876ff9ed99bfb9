/** Checks a run of access events against the chain as the backend knows it. Pure, so that every case can be tested. */
import { hash as digestOf } from 'node:crypto';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';

/**
 * `mismatch`: the event's own hash is wrong; `gap`: its predecessor is missing; `fork`: its place was taken; `restart`: the
 * kiosk lost its data and began its journal again at 1.
 */
export const journalVerdicts = ['chained', 'gap', 'fork', 'restart', 'mismatch'] as const;
export type JournalVerdict = (typeof journalVerdicts)[number];

export interface JournalHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What is remembered of the events that were removed for their age (`retention/cut-journal.ts`). */
export interface JournalCut {
  /** The highest sequence number among them; 0 where there is none. */
  readonly cut: number;
  /** When the newest of them was received, in ms. */
  readonly cutAt: number;
  /** The hash of the journal's first event, where that is among them. */
  readonly cutFirst: string | null;
}

export interface JournalState extends JournalHead, JournalCut {}

export const noCut: JournalCut = { cut: 0, cutAt: 0, cutFirst: null };
export const emptyJournal: JournalState = { sequence: 0, hash: firstPreviousHash, ...noCut };

export interface JudgedEvent {
  readonly event: AccessEvent;
  readonly verdict: JournalVerdict;
}

/** An event of the same kiosk that is stored already, as far as the chain is concerned. */
export interface StoredEvent {
  readonly sequence: number;
  readonly hash: string;
  /** Null for one of which only this is left: an anchor. */
  readonly previousHash: string | null;
}

export interface JudgedJournal {
  readonly judged: readonly JudgedEvent[];
  /** Below the cut, and as old as what was removed: had before, and not to be stored again. */
  readonly old: readonly AccessEvent[];
  readonly head: JournalState;
}

/**
 * Judges events in the order in which they came. None is turned away: an event that breaks the chain is evidence, and is
 * kept with what is wrong with it. Each break is told once; what follows it is chained to it. `storedAt` gives the events
 * that are stored at a sequence number, anchors among them, but for those whose own hash is wrong. Below the cut nothing is
 * left to compare with: what is as old as that was there before, what is younger took a place that was taken.
 */
export const judgeEvents = (
  events: readonly AccessEvent[],
  head: JournalState,
  storedAt: (sequence: number) => readonly StoredEvent[],
): JudgedJournal => {
  let current = head;
  const added = new Map<number, StoredEvent[]>();
  const at = (sequence: number): readonly StoredEvent[] => [
    ...storedAt(sequence),
    ...(added.get(sequence) ?? []),
  ];

  /** Whether the journal that was cut began with it: where that beginning never came in time, by its age alone. */
  const isCutFirst = ({ hash, at: happened }: AccessEvent): boolean =>
    current.cutFirst === null ? happened <= current.cutAt : hash === current.cutFirst;

  const judge = (event: AccessEvent): JournalVerdict | 'old' => {
    const { hash, ...rest } = event;
    if (digestOf('sha256', journalHashInput(rest)) !== hash) return 'mismatch';
    if (event.sequence === 1 && event.previousHash === firstPreviousHash) {
      if (current.cut > 0) return isCutFirst(event) ? 'old' : 'restart';
      return at(1).length === 0 ? 'chained' : 'restart';
    }
    if (event.sequence <= current.cut) return event.at <= current.cutAt ? 'old' : 'fork';
    if (at(event.sequence).some(({ previousHash }) => previousHash === event.previousHash)) return 'fork';
    const before = at(event.sequence - 1);
    if (before.length === 0) return event.sequence === 1 ? 'fork' : 'gap';
    return before.some((each) => each.hash === event.previousHash) ? 'chained' : 'fork';
  };

  const judged: JudgedEvent[] = [];
  const old: AccessEvent[] = [];
  for (const event of events) {
    const verdict = judge(event);
    if (verdict === 'old') {
      old.push(event);
      continue;
    }
    judged.push({ event, verdict });
    if (verdict === 'mismatch') continue;
    const place = added.get(event.sequence);
    if (place) place.push(event);
    else added.set(event.sequence, [event]);
    const { sequence, hash } = event;
    // What was removed is of the journal that ended.
    if (verdict === 'restart') current = { sequence, hash, ...noCut };
    else if (sequence > current.sequence) current = { ...current, sequence, hash };
  }
  return { judged, old, head: current };
};
