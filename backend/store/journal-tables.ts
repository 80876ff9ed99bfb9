/** The tables of the kiosks' journals: the events, the newest of each kiosk, and where some are missing. */
import type { ColumnType, Generated } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { JournalVerdict } from '../sync/journal-check.ts';
import type { InStore, Json } from './columns.ts';

export interface AccessEventsTable extends InStore {
  event_id: string;
  kiosk_id: string;
  sequence: number;
  at: number;
  hash: string;
  verdict: JournalVerdict;
  received_at: number;
  body: Json<AccessEvent>;
}

type OfJournal = InStore & { kiosk_id: string };

/** Beside the newest event: what was removed, and figures of the journal. */
export interface JournalHeadsTable extends OfJournal {
  sequence: number;
  hash: string;
  /** The highest sequence number that was removed for its age; 0: none. */
  cut: Generated<number>;
  cut_at: Generated<number>;
  cut_first: ColumnType<string | null, string | null | undefined>;
  /** When the event came with which the kiosk last began again at 1. */
  restarted_at: ColumnType<number | null, number | null | undefined>;
  reached: Generated<number>;
  events: Generated<number>;
  gaps: Generated<number>;
  forks: Generated<number>;
  restarts: Generated<number>;
  mismatches: Generated<number>;
}

/** Sequence numbers that never came, both ends included. */
export type JournalGapsTable = OfJournal & Record<'from_sequence' | 'to_sequence', number>;

/** An event that was removed and that one which is there, or is still to come, follows. */
export interface JournalAnchorsTable extends OfJournal {
  sequence: number;
  hash: string;
}
