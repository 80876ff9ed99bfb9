/** The side of the kiosk's data that replication reads from and writes to. */
import { combineLatest, distinctUntilChanged, map } from 'rxjs';
import {
  collections,
  keyCertificateSchema,
  lockSchema,
  staffSchema,
  storeSchema,
  trustSchema,
} from '#shared/models/documents.ts';
import { saidEnrolmentSchema } from '#shared/models/enrolment.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { CarriedEvents } from './carried-events.ts';
import type { EnrolmentStore } from './enrolment-store.ts';
import type { JournalStore } from './journal-store.ts';
import { createTakePage, type TakePage } from './pulled-collection.ts';
import type { Quarantine } from './quarantine.ts';
import type { RefusedEvents } from './refused-events.ts';
import { anewNote, cursorNote, pulledNames, type PulledName, type Replica } from './replica.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import type { Views } from './views.ts';

export interface ReplicaParts {
  readonly file: Pick<KioskFile, 'readNote' | 'writeNote'>;
  readonly views: Views;
  readonly enrolments: EnrolmentStore;
  readonly journal: JournalStore;
  readonly carried: Pick<CarriedEvents, 'unrecorded'>;
  readonly quarantine: Quarantine;
  readonly refusedEvents: RefusedEvents;
  readonly logger: Logger;
}

const contactNote = 'sync.lastContactAt';
/** The newest point of the backend's history that was seen. */
const seenNote = 'sync.seen';
const versionOf = (point: string): number => Number(point.split('.')[0]);

export const createReplica = (parts: ReplicaParts): Replica => {
  const { file, views, enrolments, journal, carried, quarantine, refusedEvents, logger } = parts;
  const takePage: { readonly [N in PulledName]: TakePage } = {
    store: createTakePage(storeSchema, 'storeId', views.store.stored),
    locks: createTakePage(lockSchema, 'serialNumber', views.locks.stored),
    keyCertificates: createTakePage(keyCertificateSchema, 'serialNumber', views.keyCertificates.stored),
    trust: createTakePage(trustSchema, 'trustId', views.trust.stored),
    staff: createTakePage(staffSchema, 'staffId', views.staff.stored),
    enrolments: createTakePage(saidEnrolmentSchema, 'enrolmentId', {
      write: (documents) => enrolments.takeMasters(documents),
      remove: (ids) => enrolments.remove(ids),
    }),
  };

  let timesGoneBack = 0;
  const readSeen = (): string | null => file.readNote(seenNote) || null;
  const forgetAcknowledgements = (): void => {
    timesGoneBack += 1;
    journal.forgetAcknowledgements();
    refusedEvents.trim();
  };

  return {
    cursor: (collection) => Number(file.readNote(cursorNote(collection)) ?? 0),
    setCursor: (collection, version) => file.writeNote(cursorNote(collection), String(version)),
    isTakenAnew: (collection) => Boolean(file.readNote(anewNote(collection))),
    takeAnew: (collection) => file.writeNote(anewNote(collection), 'yes'),
    takenAnew: (collection) => file.writeNote(anewNote(collection), ''),
    applyPage: async (collection, rows) => {
      const { invalid, valid } = await takePage[collection](rows);
      quarantine.update(collection, invalid, valid);
      if (invalid.length > 0) logger.error('rows kept out', { collection, count: invalid.length });
    },
    idsOf: (collection, rows) =>
      rows.flatMap((row) => {
        const id = row[collections[collection].primaryKey];
        return typeof id === 'string' && !row.deleted ? [id] : [];
      }),
    reconcile: async (collection, held, kioskId) => {
      logger.warn('backend has gone back', { collection, held: held.size });
      if (collection === 'enrolments') return enrolments.sendAgain(held, kioskId, await journal.kiosks());
      if (collection === 'locks' || collection === 'keyCertificates') return;
      const { live, stored } = views[collection];
      await stored.remove([...live.value.keys()].filter((id) => !held.has(id)));
    },
    forgetAcknowledgements,
    get seen() {
      return readSeen();
    },
    see: (point) => {
      const seen = readSeen();
      if (point === undefined || (seen !== null && versionOf(point) <= versionOf(seen))) return;
      file.writeNote(seenNote, point);
    },
    leaveHistory: () => {
      logger.warn('backend has another history');
      // What was seen goes last: a kiosk that stops in between finds the same out once more.
      for (const collection of pulledNames) file.writeNote(anewNote(collection), 'yes');
      forgetAcknowledgements();
      file.writeNote(seenNote, '');
    },
    get timesGoneBack() {
      return timesGoneBack;
    },
    journalClaim: (kioskId) => journal.claim(kioskId),
    adoptEnrolments: (kioskId) => enrolments.adopt(kioskId),
    enrolmentsLeftBehind: async (kioskId, isLost) =>
      enrolments.leftBehind(kioskId, await journal.kiosks(), isLost),
    pendingEnrolments: (limit) => enrolments.pending(limit),
    settleEnrolment: async (pushed, answer) => {
      await enrolments.settle(pushed, answer);
      const { enrolmentId: id } = pushed;
      if (answer.status === 'invalid') {
        quarantine.update('enrolments', [{ id, problem: answer.error.code }], new Set());
      } else quarantine.update('enrolments', [], new Set([id]));
    },
    unacknowledgedEvents: (limit) => journal.unacknowledged(limit),
    acknowledgeEvents: (sequence, refused, held) =>
      journal.acknowledge(sequence, held, () => refusedEvents.add(refused)),
    get acknowledged() {
      return journal.acknowledged;
    },
    settle: (sequence) => journal.settle(sequence),
    pruneEvents: async (now) => {
      // What is gone from the journal must not look as if it had never been in it.
      await carried.unrecorded();
      const pruned = await journal.prune(now);
      refusedEvents.trim();
      return pruned;
    },
    waiting$: combineLatest([enrolments.waiting$, journal.waiting$]).pipe(
      map(([documents, events]) => documents + events),
      distinctUntilChanged(),
    ),
    invalidRows$: combineLatest([quarantine.count$, refusedEvents.count$]).pipe(
      map(([rows, events]) => rows + events),
      distinctUntilChanged(),
    ),
    get lastContactAt() {
      const at = file.readNote(contactNote);
      return at === null ? null : Number(at);
    },
    setLastContactAt: (at) => file.writeNote(contactNote, String(at)),
  };
};
