/** Enrolments on disk: local changes wait here until the backend has acknowledged them. */
import { map, shareReplay, type Observable } from 'rxjs';
import type { RxCollection } from 'rxdb/plugins/core';
import { createQueue } from '#shared/flow/queue.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import { enrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import { mergeEnrolment, sameCapture } from './conflict-rules.ts';
import {
  sentAgain,
  mergedRow,
  movedTo,
  settledRow,
  toDocument,
  toPushed,
  withoutEvents,
  type PushedAnswer,
} from './enrolment-rows.ts';
import { createLiveMap } from './live-map.ts';
import type { StoredEnrolment } from './schemas.ts';
import { createStoredCollection } from './stored-collection.ts';

export interface EnrolmentStore {
  readonly enrolments$: Observable<readonly EnrolmentDocument[]>;
  get(enrolmentId: string): EnrolmentDocument | null;
  /**
   * A local change and its access events: durable as one when resolved. The change then waits for the backend. Throws for one
   * that changes more than an enrolment's state: the backend would not take it.
   */
  put(enrolment: EnrolmentDocument, ...events: readonly PlannedEvent[]): Promise<void>;
  /** Events of local changes that have not been taken for recorded, oldest first. */
  unrecorded(): PlannedEvent[];
  /** The journal holds this event. */
  recorded(eventId: string): Promise<void>;
  /** Local changes that the backend has not acknowledged, oldest first. */
  pending(limit: number): EnrolmentDocument[];
  /** What was captured here and never reached the backend is from now on this kiosk's: it was registered anew. */
  adopt(kioskId: string): Promise<void>;
  /** Rows as the backend holds them. Local changes that are still waiting are merged by the rule. */
  takeMasters(masters: readonly EnrolmentDocument[]): Promise<void>;
  /** The backend's answer to a pushed change: stored, or another row is held in its place. */
  settle(pushed: EnrolmentDocument, answer: PushedAnswer): Promise<void>;
  remove(enrolmentIds: readonly string[]): Promise<void>;
  /**
   * The backend has lost all but `held`. What this kiosk captured is sent again, unless it had ended: the vendor
   * knows its lock, and the backend finds that out. Another kiosk's enrolments are that one's to bring back; `earlier` are this one's earlier names.
   */
  sendAgain(held: ReadonlySet<string>, kioskId: string, earlier: ReadonlySet<string>): Promise<void>;
  /**
   * For a kiosk that will not be here to push it: the local changes that wait, and before them, of a backend that has lost it
   * (`isLost`), what this kiosk captured and that backend had. What was sent once is said as `submitted`.
   */
  leftBehind(kioskId: string, earlier: ReadonlySet<string>, isLost: boolean): EnrolmentDocument[];
  erase(): Promise<void>;
  readonly waiting$: Observable<number>;
  dispose(): void;
}

interface Held {
  readonly row: StoredEnrolment;
  readonly document: EnrolmentDocument;
}

export const createEnrolmentStore = async (
  collection: RxCollection<StoredEnrolment>,
): Promise<EnrolmentStore> => {
  const idOf = ({ enrolmentId }: StoredEnrolment): string => enrolmentId;
  const stored = createStoredCollection(collection, idOf);
  // One change must not make a thousand documents anew, so each is made once, with its row.
  const rows = await createLiveMap(stored, idOf, (row): Held => ({ row, document: toDocument(row) }));
  const rowOf = (enrolmentId: string): StoredEnrolment | undefined => rows.value.get(enrolmentId)?.row;
  const queue = createQueue();
  const hadByBackend = (): StoredEnrolment[] =>
    [...rows.value.values()].map(({ row }) => row).filter(({ version }) => version !== 0);
  const waiting = (): StoredEnrolment[] =>
    [...rows.value.values()]
      .map(({ row }) => row)
      .filter(({ pending }) => pending)
      .sort((a, b) => a.changedAt - b.changedAt);
  /** Which enrolment carries which event: looked at with every event of the journal. */
  const carriers = new Map<string, string>();
  const carry = ({ enrolmentId, unrecorded }: StoredEnrolment): void => {
    for (const { eventId } of unrecorded ?? []) carriers.set(eventId, enrolmentId);
  };
  for (const { row } of rows.value.values()) carry(row);

  /** Whatever a row is replaced by, events that the journal does not hold stay with it. */
  const write = async (changed: readonly StoredEnrolment[]): Promise<void> => {
    const kept = changed.map((row) => {
      const unrecorded = row.unrecorded ?? rowOf(row.enrolmentId)?.unrecorded ?? [];
      return unrecorded.length > 0 ? { ...row, unrecorded } : withoutEvents(row);
    });
    await stored.write(kept);
    for (const row of kept) carry(row);
  };

  return {
    // One list for all who watch, made where somebody does.
    enrolments$: rows.changed$.pipe(
      map((byId) => [...byId.values()].map(({ document }) => document)),
      shareReplay({ bufferSize: 1, refCount: true }),
    ),
    get: (enrolmentId) => rows.value.get(enrolmentId)?.document ?? null,
    put: (enrolment, ...planned) =>
      queue.add(async () => {
        const local = enrolmentSchema.parse(enrolment);
        const known = rowOf(local.enrolmentId);
        // Whoever changes an enrolment may have read it before the backend's last word on it came in.
        const isStale = known !== undefined && known.version > local.version;
        if (known && !isStale && !sameCapture(known, local)) {
          throw new Error('an enrolment stays what was captured');
        }
        const merged = isStale ? mergeEnrolment(local, known) : null;
        const events = planned.length > 0 ? { unrecorded: [...(known?.unrecorded ?? []), ...planned] } : {};
        if (merged?.take !== 'master') {
          await write([{ ...(merged?.document ?? local), pending: true, ...events }]);
        } else if (known && planned.length > 0) await write([{ ...known, ...events }]);
      }),
    unrecorded: () =>
      [...rows.value.values()].flatMap(({ row }) => row.unrecorded ?? []).sort((a, b) => a.at - b.at),
    recorded: async (eventId) => {
      const carrier = carriers.get(eventId);
      if (carrier === undefined) return;
      await queue.add(async () => {
        const row = rowOf(carrier);
        const unrecorded = row?.unrecorded?.filter((event) => event.eventId !== eventId);
        if (row && unrecorded) await write([{ ...row, unrecorded }]);
        carriers.delete(eventId);
      });
    },
    pending: (limit) => waiting().map(toPushed).slice(0, limit),
    adopt: (kioskId) =>
      queue.add(async () => {
        const orphans = [...rows.value.values()]
          .map(({ row }) => row)
          .filter((row) => row.pending && row.version === 0 && row.kioskId !== kioskId);
        if (orphans.length > 0) await write(orphans.map((row) => movedTo(kioskId, row)));
      }),
    takeMasters: (masters) =>
      queue.add(async () => {
        const merged = masters.map((master) => mergedRow(rowOf(master.enrolmentId), master));
        const changed = merged.filter((row) => row !== null);
        if (changed.length > 0) await write(changed);
      }),
    settle: (pushed, answer) =>
      queue.add(async () => {
        const row = settledRow(rowOf(pushed.enrolmentId), pushed, answer);
        if (row) await write([row]);
      }),
    remove: (enrolmentIds) => queue.add(() => stored.remove(enrolmentIds)),
    sendAgain: (held, kioskId, earlier) =>
      queue.add(async () => {
        const lost = hadByBackend().filter(({ enrolmentId }) => !held.has(enrolmentId));
        const isOwn = isOf(kioskId, earlier);
        const own = lost.filter(isOwn);
        if (own.length > 0) await write(own.map((row) => sentAgain(row, kioskId)));
        await stored.remove(lost.filter((row) => !isOwn(row)).map(idOf));
      }),
    leftBehind: (kioskId, earlier, isLost) => {
      const lost = isLost ? hadByBackend().filter(isOf(kioskId, earlier)) : [];
      return [...lost.map((row) => sentAgain(row, kioskId)), ...waiting()].map(toDocument);
    },
    erase: () =>
      queue.add(async () => {
        await stored.clear();
        carriers.clear();
      }),
    waiting$: rows.changed$.pipe(map((byId) => [...byId.values()].filter(({ row }) => row.pending).length)),
    dispose: () => rows.dispose(),
  };
};

const isOf =
  (kioskId: string, earlier: ReadonlySet<string>) =>
  (row: StoredEnrolment): boolean =>
    row.kioskId === kioskId || earlier.has(row.kioskId);
