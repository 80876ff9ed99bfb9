/** What replication needs of the kiosk's data, and nobody else. */
import type { Observable } from 'rxjs';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { collectionNames, type CollectionName } from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { PushedAnswer } from './enrolment-rows.ts';

export type PulledName = Exclude<CollectionName, 'accessEvents'>;
export const isPulled = (name: string): name is PulledName => pulledNames.some((pulled) => pulled === name);
export const pulledNames = collectionNames.filter((name) => name !== 'accessEvents');

/** That a collection is being taken again from the start: a pull that breaks off begins there again. */
export const anewNote = (collection: PulledName): string => `anew.${collection}`;

/** How far a collection has been pulled; kept as a note, written after the page that it speaks of. */
export const cursorNote = (collection: PulledName): string => `cursor.${collection}`;

/** A row as it came: an object with its version and whether it was deleted; nothing else is known of it. */
export interface PulledRow {
  readonly version: number;
  readonly deleted: boolean;
  readonly [field: string]: unknown;
}

export interface Replica {
  /** The version up to which the collection has been pulled. */
  cursor(collection: PulledName): number;
  setCursor(collection: PulledName, version: number): void;
  /** Whether it is being taken again from the start because the backend has gone back: until `reconcile` is through. */
  isTakenAnew(collection: PulledName): boolean;
  /** The backend has gone back. */
  takeAnew(collection: PulledName): void;
  /** `reconcile` is through. */
  takenAnew(collection: PulledName): void;
  /** Stores a page in one transaction; rows that do not fit are kept out and counted. */
  applyPage(collection: PulledName, rows: readonly PulledRow[]): Promise<void>;
  /** The primary keys of rows, deleted ones left out. */
  idsOf(collection: PulledName, rows: readonly PulledRow[]): string[];
  /**
   * The backend was restored from a backup and holds exactly `held` of this collection. Its word stands on staff, trust and
   * store. Locks and Key Certificates that it no longer knows stay, because this may be the last place that has them. This
   * kiosk's own enrolments that it no longer knows are captured again.
   */
  reconcile(collection: PulledName, held: ReadonlySet<string>, kioskId: string): Promise<void>;
  /** What the backend has acknowledged may be lost: every event that is still here is delivered again. */
  forgetAcknowledgements(): void;
  /** The newest point of the backend's history that was seen here; null before the first and for an earlier backend. */
  readonly seen: string | null;
  /** Durable, before what the answer brought is taken in; one that was overtaken by a newer one changes nothing. */
  see(point: string | undefined): void;
  /** The backend knows nothing of what was seen: all collections are taken anew, and all events delivered again. */
  leaveHistory(): void;
  /** How often it was found out, since the start, that the backend has gone back. */
  readonly timesGoneBack: number;
  /** The newest event of this kiosk that the backend has stored, as `sequence.hash`; null where none is known. */
  journalClaim(kioskId: string): string | null;
  /** A kiosk that was registered anew sends what it captured before under its new name. */
  adoptEnrolments(kioskId: string): Promise<void>;
  pendingEnrolments(limit: number): readonly EnrolmentDocument[];
  /**
   * What a kiosk that is revoked leaves to the backend: local changes that wait and, where the backend has lost it, first what
   * this kiosk captured and the backend has had.
   */
  enrolmentsLeftBehind(kioskId: string, isLost: boolean): Promise<readonly EnrolmentDocument[]>;
  settleEnrolment(pushed: EnrolmentDocument, answer: PushedAnswer): Promise<void>;
  unacknowledgedEvents(limit: number): Promise<readonly AccessEvent[]>;
  /** `refused` are those that the backend will not store: they stay in the journal, and are told as that until it is asked again. */
  acknowledgeEvents(
    sequence: number,
    refused: readonly number[],
    /** The newest of those that it has stored. */
    held?: AccessEvent | null,
  ): void;
  /** Up to which sequence number events have reached the backend, or were refused there for good. */
  readonly acknowledged: number;
  /** What is pulled tells what has become of events up to this one; durable. */
  settle(sequence: number): void;
  /** Removes some of what is acknowledged and old by `now`, which is true time; answers with how many. 0 ends it. */
  pruneEvents(now: number): Promise<number>;
  /** Local changes that the backend has not acknowledged. Replays. */
  readonly waiting$: Observable<number>;
  readonly invalidRows$: Observable<number>;
  readonly lastContactAt: number | null;
  /** Durable. `at` is kiosk time in ms since the epoch. */
  setLastContactAt(at: number): void;
}
