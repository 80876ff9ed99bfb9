/**
 * Which events of the journal the backend has refused for good, all of them, by sequence number. They are among those that are acknowledged:
 * what waits, for the first time or once more, is not refused, so a number that is given a second time says nothing of the first.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { JournalStore } from './journal-store.ts';
import type { Quarantine } from './quarantine.ts';
import {
  addSequences,
  countSequences,
  hasSequence,
  readSequences,
  sequencesText,
  sequencesWithin,
  type SequenceRanges,
} from './sequence-ranges.ts';
import type { KioskFile } from './storage/kiosk-file.ts';

export interface RefusedEvents {
  /** How many there are. Replays. */
  readonly count$: Observable<number>;
  /** Looked up for each line that is shown. */
  has(sequence: number): boolean;
  /** Durable; before those and all that were answered with them are acknowledged, even where there are none. */
  add(sequences: readonly number[]): void;
  /** The journal has lost its oldest, or its acknowledgements. */
  trim(): void;
  forget(): void;
  dispose(): void;
}

export interface RefusedEventsParts {
  readonly file: Pick<KioskFile, 'readNote' | 'writeNote'>;
  readonly journal: Pick<JournalStore, 'oldest' | 'acknowledged' | 'sequencesOf' | 'forgetAcknowledgements'>;
  readonly quarantine: Pick<Quarantine, 'eventsOfBefore'>;
}

const note = 'journal.refused';

export const openRefusedEvents = async (parts: RefusedEventsParts): Promise<RefusedEvents> => {
  const { file, journal, quarantine } = parts;
  const within = (all: SequenceRanges): SequenceRanges =>
    sequencesWithin(all, journal.oldest, journal.acknowledged);
  const noted = file.readNote(note);
  const read = noted === null ? [] : readSequences(noted);
  const before = quarantine.eventsOfBefore;
  let ranges = within(addSequences(read ?? [], await journal.sequencesOf(before.ids)));
  let written = noted;
  const count = new BehaviorSubject(countSequences(ranges));
  const set = (next: SequenceRanges): void => {
    const text = sequencesText(next);
    if (text !== written) file.writeNote(note, text);
    written = text;
    ranges = next;
    if (count.value !== countSequences(next)) count.next(countSequences(next));
  };
  try {
    const isOfBefore = noted === null || before.ids.length > 0;
    // Which they all are is not known: the backend is asked again.
    if (read === null || (isOfBefore && before.isInPart)) journal.forgetAcknowledgements();
    set(within(ranges));
    before.drop();
  } catch {
    // A disk that takes nothing now takes no acknowledgement either, before which `add` writes what is known here.
  }
  return {
    count$: count.asObservable(),
    has: (sequence) => hasSequence(ranges, sequence),
    add: (sequences) => set(addSequences(within(ranges), sequences)),
    trim: () => set(within(ranges)),
    forget: () => {
      written = null;
      ranges = [];
      count.next(0);
    },
    dispose: () => count.complete(),
  };
};
