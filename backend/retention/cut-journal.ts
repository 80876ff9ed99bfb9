/** What removing events does to what is known of their journal. Pure, so that it can be tested without a database. */
import type { JournalCut, JournalVerdict } from '../sync/journal-check.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';

export interface RemovedEvent {
  readonly sequence: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly verdict: JournalVerdict;
  readonly receivedAt: number;
}

export interface CutJournal extends JournalCut {
  /** Of its newest event. */
  readonly sequence: number;
  readonly restartedAt: number | null;
  /** The highest sequence number that has come in any of the kiosk's journals. */
  readonly reached: number;
}

/**
 * `removed` are the oldest by receipt. Only those of the journal that goes on move the cut: what was received before the kiosk
 * began again at 1 is of one that has ended. Once that beginning goes, nothing of an ended one is left, and only what the present
 * one has reached counts.
 */
export const cutJournal = (journal: CutJournal, removed: readonly RemovedEvent[]): CutJournal => {
  let { cut, cutAt, cutFirst, reached } = journal;
  for (const { sequence, hash, previousHash, verdict, receivedAt } of removed) {
    if (verdict === 'fork' || verdict === 'mismatch') continue;
    if (journal.restartedAt !== null && receivedAt < journal.restartedAt) continue;
    // One that came late, of a journal that had ended, is above what the present one has.
    if (sequence > journal.sequence) continue;
    if (verdict === 'restart' && receivedAt === journal.restartedAt) reached = journal.sequence;
    if (sequence === 1 && previousHash === firstPreviousHash) cutFirst = hash;
    cut = Math.max(cut, sequence);
    cutAt = Math.max(cutAt, receivedAt);
  }
  return { ...journal, cut, cutAt, cutFirst, reached };
};
