/** The kiosk's data in memory: replays, serialises appends, and can have a full disk, like the real one. */
import { BehaviorSubject, map } from 'rxjs';
import type { KioskData } from '#kiosk/data/port.ts';
import { AppFailure, fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type {
  KeyCertificateDocument,
  LockDocument,
  StaffDocument,
  StoreDocument,
  TrustDocument,
} from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';

export class FakeData implements KioskData {
  readonly store$ = new BehaviorSubject<StoreDocument | null>(null);
  readonly locks$ = new BehaviorSubject<ReadonlyMap<string, LockDocument>>(new Map());
  readonly keys$ = new BehaviorSubject<ReadonlyMap<string, KeyCertificateDocument>>(new Map());
  readonly keySerials$ = this.keys$.pipe(map((keys) => new Set(keys.keys())));
  readonly trust$ = new BehaviorSubject<readonly TrustDocument[]>([]);
  readonly staff$ = new BehaviorSubject<readonly StaffDocument[]>([]);
  readonly enrolments$ = new BehaviorSubject<readonly EnrolmentDocument[]>([]);
  readonly events: AccessEvent[] = [];
  /** By their id: planned events that an enrolment carries. */
  readonly unrecorded = new Map<string, PlannedEvent>();
  readonly notes = new Map<string, string>();
  notice: AppError | null = null;
  hiddenNotice: AppError | null = null;
  erased = 0;
  /** Every write fails while it is true. */
  diskFull = false;

  keyCertificate(serialNumber: string): Promise<KeyCertificateDocument | null> {
    return Promise.resolve(this.keys$.value.get(serialNumber) ?? null);
  }

  enrolment(enrolmentId: string): Promise<EnrolmentDocument | null> {
    return Promise.resolve(this.enrolments$.value.find((one) => one.enrolmentId === enrolmentId) ?? null);
  }

  putEnrolment(
    enrolment: EnrolmentDocument,
    ...events: readonly (PlannedEvent | null | undefined)[]
  ): Promise<Result<null>> {
    return this.#write(() => {
      for (const event of events) if (event) this.unrecorded.set(event.eventId, event);
      const others = this.enrolments$.value.filter((one) => one.enrolmentId !== enrolment.enrolmentId);
      this.enrolments$.next([...others, enrolment]);
      return null;
    });
  }

  unrecordedEvents(): Promise<readonly PlannedEvent[]> {
    return Promise.resolve([...this.unrecorded.values()]);
  }

  appendAccessEvent(
    compose: (sequence: number, previousHash: string) => AccessEvent,
  ): Promise<Result<AccessEvent>> {
    return this.#write(() => {
      const event = compose(this.journalSequence + 1, this.events.at(-1)?.hash ?? firstPreviousHash);
      this.events.push(event);
      this.unrecorded.delete(event.eventId);
      return event;
    });
  }

  get journalSequence(): number {
    return this.events.at(-1)?.sequence ?? 0;
  }

  accessEventsAfter(sequence: number, limit = Infinity): Promise<readonly AccessEvent[]> {
    return Promise.resolve(this.events.filter((event) => event.sequence > sequence).slice(0, limit));
  }

  get journalOldest(): number {
    return this.events[0]?.sequence ?? 1;
  }

  accessEventsBetween(from: number, before: number): Promise<readonly AccessEvent[]> {
    return Promise.resolve(this.events.filter(({ sequence }) => sequence >= from && sequence < before));
  }

  readonly acknowledged$ = new BehaviorSubject(0);
  readonly settled$ = new BehaviorSubject(0);
  readonly refusedEvents = new Set<number>();

  isRefusedEvent(sequence: number): boolean {
    return this.refusedEvents.has(sequence);
  }

  hasEventOfAttempt(attemptId: string): Promise<boolean> {
    return Promise.resolve(this.events.some((event) => event.attemptId === attemptId));
  }

  hasEvent(eventId: string): Promise<boolean> {
    return Promise.resolve(this.events.some((event) => event.eventId === eventId));
  }

  readNote(key: string): Promise<string | null> {
    return Promise.resolve(this.notes.get(key) ?? null);
  }

  writeNote(key: string, value: string): Promise<Result<null>> {
    return this.#write(() => {
      this.notes.set(key, value);
      return null;
    });
  }

  erase(kept: readonly string[] = []): Promise<void> {
    if (this.diskFull) return Promise.reject(new AppFailure('storage.disk_full'));
    this.erased += 1;
    this.store$.next(null);
    this.locks$.next(new Map());
    this.keys$.next(new Map());
    this.trust$.next([]);
    this.staff$.next([]);
    this.enrolments$.next([]);
    this.events.length = 0;
    this.unrecorded.clear();
    for (const key of this.notes.keys()) if (!kept.includes(key)) this.notes.delete(key);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** A whole pull has ended that began after all events had been acknowledged. */
  settle(): void {
    this.settled$.next(this.journalSequence);
  }

  /** Puts rows there as the backend would. */
  pull(rows: {
    readonly locks?: readonly LockDocument[];
    readonly keys?: readonly KeyCertificateDocument[];
  }): void {
    for (const lock of rows.locks ?? [])
      this.locks$.next(new Map(this.locks$.value).set(lock.serialNumber, lock));
    for (const key of rows.keys ?? []) this.keys$.next(new Map(this.keys$.value).set(key.serialNumber, key));
  }

  #write<T>(change: () => T): Promise<Result<T>> {
    return Promise.resolve(this.diskFull ? fail('storage.disk_full') : ok(change()));
  }
}
