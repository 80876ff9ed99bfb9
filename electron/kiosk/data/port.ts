/** The kiosk's durable data as its services see it. Only this folder knows RxDB. */
import type { Observable } from 'rxjs';
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { SignedRevocation } from '#shared/http/revocation.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type {
  KeyCertificateDocument,
  LockDocument,
  StaffDocument,
  StoreDocument,
  TrustDocument,
} from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';

/** Everything read replays its current value and then changes; arrays and maps are new objects and are not modified. */
export interface KioskData {
  /** The store's one document; null before the first pull. */
  readonly store$: Observable<StoreDocument | null>;
  readonly locks$: Observable<ReadonlyMap<string, LockDocument>>;
  /** Which serial numbers have a Key Certificate here. */
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly trust$: Observable<readonly TrustDocument[]>;
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly enrolments$: Observable<readonly EnrolmentDocument[]>;
  keyCertificate(serialNumber: string): Promise<KeyCertificateDocument | null>;
  enrolment(enrolmentId: string): Promise<EnrolmentDocument | null>;
  /**
   * Durable when resolved. Fails with `storage.disk_full` or `storage.read_only`, having changed nothing. The access event
   * of the change is kept with it in the same transaction, until `appendAccessEvent` has put it into the journal.
   */
  putEnrolment(
    enrolment: EnrolmentDocument,
    ...events: readonly (PlannedEvent | null | undefined)[]
  ): Promise<Result<null>>;
  /** Events that were kept with a change of an enrolment and that the journal does not hold: what a kill left. */
  unrecordedEvents(): Promise<readonly PlannedEvent[]>;
  /**
   * Appends to the journal: `compose` gets the sequence number and previous hash and answers with the whole event.
   * Appends are serialised, so the chain never forks.
   */
  appendAccessEvent(
    compose: (sequence: number, previousHash: string) => AccessEvent,
  ): Promise<Result<AccessEvent>>;
  /** The sequence number of the journal's newest event; 0 where there is none. */
  readonly journalSequence: number;
  /** The events after this one, oldest first; `limit` of them at the most, where it is given. */
  accessEventsAfter(sequence: number, limit?: number): Promise<readonly AccessEvent[]>;
  /** That of the oldest that is still here; 1 where there is none. */
  readonly journalOldest: number;
  /** The events from the one to before the other, oldest first. */
  accessEventsBetween(from: number, before: number): Promise<readonly AccessEvent[]>;
  /** Up to which sequence number events have reached the backend, or were refused there for good. Replays. */
  readonly acknowledged$: Observable<number>;
  /**
   * Up to which sequence number what is pulled says what has become of events: a whole pull has ended that began after they had been
   * acknowledged. Replays.
   */
  readonly settled$: Observable<number>;
  /** Whether the backend has refused the event of that number for good. */
  isRefusedEvent(sequence: number): boolean;
  /** Whether the journal holds an access event of this attempt. Reads the whole journal: for a start, not for a tap. */
  hasEventOfAttempt(attemptId: string): Promise<boolean>;
  hasEvent(eventId: string): Promise<boolean>;
  /** A durable value for the core's own use (lease, lockouts, last seen backend time). */
  readNote(key: string): Promise<string | null>;
  writeNote(key: string, value: string): Promise<Result<null>>;
  /** What happened at start that a person has to know (file set aside, disk full); null when all is well. */
  readonly notice: AppError | null;
  /** What `notice` hides where that is of the disk: to be told once the disk takes something again. */
  readonly hiddenNotice: AppError | null;
  /**
   * Erases every document, and every note but the `kept` ones: what a revoked kiosk does. A file whose key can't be read is erased,
   * too, or set aside with that key.
   */
  erase(kept?: readonly string[], whatIsLocked?: 'erase' | 'keep'): Promise<void>;
  dispose(): Promise<void>;
}

export type ConnectionState = 'online' | 'offline' | 'refused' | 'unregistered';

export interface SyncState {
  readonly connection: ConnectionState;
  /** Changes that the backend has not acknowledged. */
  readonly waiting: number;
  readonly lastContactAt: number | null;
  readonly pulling: { readonly received: number; readonly total: number } | null;
  readonly invalidRows: number;
  /** Why there was no answer at the last try; null where there was one, or nothing is known. */
  readonly noAnswer: NoAnswer | null;
  /** What this kiosk asks for comes, and what it sends is not taken. */
  readonly sendingRefused: boolean;
  /** Kiosk time minus signed backend time in ms at the last check; null before it. */
  readonly skewMs: number | null;
  /** How many signed time checks have succeeded: tells a new measurement from an old one of the same value. */
  readonly timeChecks: number;
  /** The backend has signed that this kiosk is revoked; null as long as it has not, whoever says so. */
  readonly revocation: SignedRevocation | null;
}

/** Replication with the backend. Runs by itself from `start` on; heals by itself. */
export interface Sync {
  /** Replays. */
  readonly state$: Observable<SyncState>;
  start(): void;
  /** Pulls and pushes everything now; ok once both are through, or `sync.unreachable` / `sync.refused`. */
  resync(signal?: AbortSignal): Promise<Result<null>>;
  /** A time token for a lock whose ephemeral key is `challenge` (32 bytes); null at once without contact. Never rejects. */
  timeToken(challenge: Uint8Array): Promise<Uint8Array | null>;
  dispose(): Promise<void>;
}
