/** The journal on disk: a chain that only grows at its end, and loses at its start only what the backend has. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { RxCollection } from 'rxdb/plugins/core';
import { createQueue } from '#shared/flow/queue.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import { createStoredCollection } from './stored-collection.ts';

export interface JournalStore {
  readonly sequence: number;
  append(compose: (sequence: number, previousHash: string) => AccessEvent): Promise<AccessEvent>;
  hasEventOfAttempt(attemptId: string): Promise<boolean>;
  hasEvent(eventId: string): Promise<boolean>;
  /** Of those that are here. */
  sequencesOf(eventIds: readonly string[]): Promise<number[]>;
  /** Oldest first; `limit` of them at the most, where it is given. */
  after(sequence: number, limit?: number): Promise<AccessEvent[]>;
  /** The sequence number of the oldest event that is still here; 1 where there is none. */
  readonly oldest: number;
  /** Those from the one to before the other, oldest first. */
  between(from: number, before: number): Promise<AccessEvent[]>;
  /** Up to which sequence number events have arrived or were refused for good. Replays. */
  readonly acknowledged$: Observable<number>;
  /** As `Replica.acknowledged`. */
  readonly acknowledged: number;
  /** As `KioskData.settled$`. Replays. */
  readonly settled$: Observable<number>;
  /** As `Replica.settle`. */
  settle(sequence: number): void;
  /** Events that the backend has not acknowledged, oldest first. */
  unacknowledged(limit: number): Promise<AccessEvent[]>;
  /**
   * All events up to this sequence number have arrived or were refused for good; `held` is the newest that is stored. `noteRefused` is
   * called first, unless they have to be delivered again.
   */
  acknowledge(sequence: number, held: AccessEvent | null | undefined, noteRefused: () => void): void;
  /** The backend may have lost what it acknowledged: all events wait for it again. */
  forgetAcknowledgements(): void;
  /** `sequence.hash` of the newest event that the backend has stored under this kiosk's present name; null for none. */
  claim(kioskId: string): string | null;
  /** How many events the backend has not acknowledged. Replays. */
  readonly waiting$: Observable<number>;
  /**
   * Removes acknowledged and settled events that are older than 90 days, always keeping the newest event; at most `prunedAtOnce` of them,
   * the oldest first. Answers with how many.
   */
  prune(now: number): Promise<number>;
  /** The kiosks that events are of: this one under all its names. */
  kiosks(): Promise<ReadonlySet<string>>;
  /** Removes every event and begins a new chain. */
  erase(): Promise<void>;
  dispose(): void;
}

const keptMs = 90 * 24 * 3600 * 1000;
/** Taking one out of RxDB's memory moves all that come after it: many at once would hold up the kiosk for minutes. */
const prunedAtOnce = 100;
const acknowledgedNote = 'journal.acknowledged';
const settledNote = 'journal.settled';
/** `kioskId sequence.hash`: an event that was refused is acknowledged, too, and no backend holds it. */
const heldNote = 'journal.held';

const heldText = ({ kioskId, sequence, hash }: Pick<AccessEvent, 'kioskId' | 'sequence' | 'hash'>): string =>
  `${kioskId} ${sequence}.${hash}`;

export const createJournalStore = async (
  collection: RxCollection<AccessEvent>,
  file: Pick<KioskFile, 'readNote' | 'writeNote'>,
): Promise<JournalStore> => {
  const stored = createStoredCollection(collection, ({ eventId }) => eventId);
  const queue = createQueue();
  const readHead = async () => {
    const newest = await collection.findOne({ sort: [{ sequence: 'desc' }] }).exec();
    return { sequence: newest?.sequence ?? 0, hash: newest?.hash ?? firstPreviousHash };
  };
  const readOldest = async (): Promise<number> =>
    (await collection.findOne({ sort: [{ sequence: 'asc' }] }).exec())?.sequence ?? 1;
  let head = await readHead();
  let oldest = await readOldest();
  // Where events were lost with a damaged file, their numbers are given again: those have not arrived yet.
  const noted = Number(file.readNote(acknowledgedNote) ?? 0);
  let acknowledged = Math.min(noted, head.sequence);
  // A file of an earlier release says nothing of it. A backend that goes back takes nothing of it away: what is done here is not done anew.
  const settledNoted = Number(file.readNote(settledNote) ?? acknowledged);
  const settled = new BehaviorSubject(Math.min(settledNoted, head.sequence));
  let isNoteAhead = noted > acknowledged || settledNoted > settled.value;
  /**
   * For good, and before anything else is acknowledged: at the next start nobody could tell what was settled from what was acknowledged
   * only.
   */
  const noteSettled = (): void => {
    if (file.readNote(settledNote) === null) file.writeNote(settledNote, String(settled.value));
  };
  try {
    noteSettled();
  } catch {
    // A disk that takes nothing now takes no event and no acknowledgement either, before each of which it is tried again.
  }
  /** A file of an earlier release does not say which event it was that the backend had stored. */
  const readHeld = async (): Promise<string> => {
    const said = file.readNote(heldNote);
    if (said !== null || acknowledged === 0) return said ?? '';
    const newest = await collection.findOne({ selector: { sequence: { $eq: acknowledged } } }).exec();
    return newest ? heldText(newest) : '';
  };
  let held = await readHeld();
  /**
   * Which event is where, for who reads the journal: RxDB looks at all of them to find some. Not made before somebody reads it, because
   * a start has no use for it.
   */
  let bySequence: Map<number, string> | null = null;
  /** From where on events were last handed out to be delivered. */
  let handedOutAfter = 0;
  const waiting = new BehaviorSubject(0);
  const arrived = new BehaviorSubject(acknowledged);
  // What has been pruned waits for nobody.
  const count = (): void => {
    waiting.next(Math.max(0, head.sequence - Math.max(acknowledged, oldest - 1)));
    if (arrived.value !== acknowledged) arrived.next(acknowledged);
  };
  count();

  const readPlaces = async (): Promise<Map<number, string>> => {
    bySequence ??= new Map(
      await stored.read(({ sequence, eventId }): [number, string] => [sequence, eventId]),
    );
    return bySequence;
  };

  const selectAfter = (sequence: number) => ({
    selector: { sequence: { $gt: sequence } },
    sort: [{ sequence: 'asc' as const }],
  });

  return {
    get sequence() {
      return head.sequence;
    },
    append: (compose) =>
      queue.add(async () => {
        const sequence = head.sequence + 1;
        const event = compose(sequence, head.hash);
        if (event.sequence !== sequence || event.previousHash !== head.hash) {
          throw new Error('an access event does not continue the journal');
        }
        // Before the first of them is stored: the next start could not tell them from those that have arrived.
        if (isNoteAhead) {
          file.writeNote(acknowledgedNote, String(acknowledged));
          file.writeNote(settledNote, String(settled.value));
        }
        isNoteAhead = false;
        noteSettled();
        await stored.write([event]);
        head = { sequence, hash: event.hash };
        bySequence?.set(sequence, event.eventId);
        count();
        return event;
      }),
    hasEventOfAttempt: async (attemptId) =>
      (await collection.findOne({ selector: { attemptId: { $eq: attemptId } } }).exec()) !== null,
    hasEvent: async (eventId) => (await stored.get(eventId)) !== null,
    sequencesOf: async (eventIds) => (await stored.some(eventIds)).map(({ sequence }) => sequence),
    after: async (sequence, limit) => {
      const bound = limit === undefined ? {} : { limit };
      const events = await collection.find({ ...selectAfter(sequence), ...bound }).exec();
      return events.map((event) => event.toMutableJSON());
    },
    get oldest() {
      return oldest;
    },
    between: async (from, before) => {
      const at = bySequence ?? (await queue.add(readPlaces));
      const ids: string[] = [];
      for (let sequence = Math.max(from, oldest); sequence < before; sequence += 1) {
        const id = at.get(sequence);
        if (id !== undefined) ids.push(id);
      }
      const events = await stored.some(ids);
      return events.sort((a, b) => a.sequence - b.sequence);
    },
    acknowledged$: arrived.asObservable(),
    get acknowledged() {
      return acknowledged;
    },
    settled$: settled.asObservable(),
    settle: (sequence) => {
      if (sequence <= settled.value) return;
      file.writeNote(settledNote, String(sequence));
      settled.next(sequence);
    },
    unacknowledged: async (limit) => {
      handedOutAfter = acknowledged;
      const events = await collection.find({ ...selectAfter(acknowledged), limit }).exec();
      return events.map((event) => event.toMutableJSON());
    },
    acknowledge: (sequence, newest, noteRefused) => {
      // Forgotten while those were under way: what came before them has to be delivered again.
      if (sequence <= acknowledged || acknowledged < handedOutAfter) return;
      noteSettled();
      noteRefused();
      // First: what is acknowledged and not claimed would be missed by nobody.
      if (newest) {
        held = heldText(newest);
        file.writeNote(heldNote, held);
      }
      file.writeNote(acknowledgedNote, String(sequence));
      acknowledged = sequence;
      count();
    },
    forgetAcknowledgements: () => {
      noteSettled();
      // First: an event that is missing over there is not asked for again by a kiosk that stops in between.
      file.writeNote(acknowledgedNote, '0');
      file.writeNote(heldNote, '');
      held = '';
      acknowledged = 0;
      count();
    },
    claim: (kioskId) => {
      const [holder, claim] = held.split(' ');
      return holder === kioskId && claim !== undefined ? claim : null;
    },
    waiting$: waiting.asObservable(),
    prune: (now) =>
      queue.add(async () => {
        const last = Math.min(acknowledged, settled.value, head.sequence - 1);
        const found = await collection
          .find({
            selector: { sequence: { $lte: last }, at: { $lt: now - keptMs } },
            sort: [{ sequence: 'asc' }],
            limit: prunedAtOnce,
          })
          .exec();
        // The index holds no numbers below its minimum, so the bound is checked again here.
        const old = found.filter(({ sequence }) => sequence <= last).map(({ eventId }) => eventId);
        if (old.length > 0) {
          await stored.remove(old);
          for (const { sequence } of found) if (sequence <= last) bySequence?.delete(sequence);
          oldest = await readOldest();
          count();
        }
        return old.length;
      }),
    kiosks: async () => new Set((await stored.all()).map(({ kioskId }) => kioskId)),
    erase: () =>
      queue.add(async () => {
        bySequence = null;
        await stored.clear();
        file.writeNote(acknowledgedNote, '0');
        file.writeNote(settledNote, '0');
        file.writeNote(heldNote, '');
        held = '';
        settled.next(0);
        head = { sequence: 0, hash: firstPreviousHash };
        oldest = 1;
        acknowledged = 0;
        count();
      }),
    dispose: () => {
      waiting.complete();
      arrived.complete();
      settled.complete();
    },
  };
};
