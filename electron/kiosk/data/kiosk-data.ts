/** Opens the kiosk's data: file, database, live views and the journal, behind `KioskData`. */
import { map, shareReplay } from 'rxjs';
import type { Random } from '../platform/random.ts';
import { createCarriedEvents } from './carried-events.ts';
import { createReplica } from './create-replica.ts';
import { openKioskDatabase, type OpenedDatabase } from './database.ts';
import { createEnrolmentStore } from './enrolment-store.ts';
import { createJournalStore } from './journal-store.ts';
import type { KioskData } from './port.ts';
import { createQuarantine } from './quarantine.ts';
import { pullAgain, pullAllAfterUpdate } from './pull-again.ts';
import { openRefusedEvents } from './refused-events.ts';
import { isPulled, type Replica } from './replica.ts';
import type { StartNotices } from './room.ts';
import { beginAnew, openAnyFile, type AnyFileOptions } from './open-any-file.ts';
import { asResult } from './storage-result.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import type { LockedKioskFile } from './storage/locked-file.ts';
import { eraseSetAside } from './storage/set-aside.ts';
import type { ReadRules } from './storage/stored-rows.ts';
import { createViews } from './views.ts';

export interface KioskDataOptions extends Omit<AnyFileOptions, 'rules'> {
  readonly random: Random;
}

/** The kiosk's data with the side that only replication uses. */
export interface LocalData extends KioskData {
  readonly replica: Replica;
  /** The file's key can't be read: it is left as it is, and nothing of it is known. */
  readonly isLocked: boolean;
}

const rules: ReadRules = {
  // All else may be here only.
  elsewhere: new Set(['store', 'locks', 'keyCertificates', 'trust', 'staff']),
  // A store can have ten thousand keys, and a person needs one of them at a time.
  lazy: new Set(['keyCertificates']),
};

/** Throws an `AppFailure`: `storage.in_use`, `storage.newer_version`, `storage.read_only`, `storage.disk_full`. */
export const createKioskData = async (options: KioskDataOptions): Promise<LocalData> => {
  const { path, random, logger } = options;
  const opening = openAnyFile({ ...options, rules });
  const fileOnceOpen = opening.then(({ file }) => file);
  // RxDB asks for it late, and whoever waits for the opening hears of a failure.
  fileOnceOpen.catch(() => undefined);
  // RxDB makes itself ready while the file's key is derived.
  const database = openKioskDatabase({
    file: fileOnceOpen,
    // A name of its own for each opening: RxDB refuses one that is in use anywhere in the process.
    name: `${path} ${random.uuid()}`,
    onUnreadable: (file, collection, id) => {
      logger.error('stored document unreadable', { collection, id });
      // The backend has it still.
      if (isPulled(collection)) pullAgain(file, [collection]);
    },
  });
  const [{ file, notice, hiddenNotice }, opened] = await Promise.all([opening, database]).catch(
    async (error: unknown) => {
      await opening.then(({ file }) => file.close()).catch(() => undefined);
      throw error;
    },
  );
  try {
    return await assemble({ file, notice, hiddenNotice, ...opened }, options);
  } catch (error) {
    file.close();
    throw error;
  }
};

interface Opened extends OpenedDatabase, StartNotices {
  readonly file: KioskFile | LockedKioskFile;
}

const assemble = async (opened: Opened, options: KioskDataOptions): Promise<LocalData> => {
  const { file, notice, hiddenNotice, database, idsOf } = opened;
  const { path, logger } = options;
  const isLocked = (): boolean => 'isLocked' in file && file.isLocked;
  pullAllAfterUpdate(file);
  const views = await createViews(database, idsOf);
  const enrolments = await createEnrolmentStore(database.enrolments);
  const journal = await createJournalStore(database.accessEvents, file);
  const carried = createCarriedEvents({ enrolments, journal, logger });
  const quarantine = createQuarantine(file);
  const refusedEvents = await openRefusedEvents({ file, journal, quarantine });
  const parts = { file, views, enrolments, journal, carried, quarantine, refusedEvents, logger };
  const replica = createReplica(parts);
  const { store, locks, keyCertificates, trust, staff } = views;

  return {
    store$: store.live.changed$.pipe(map((documents) => [...documents.values()][0] ?? null)),
    locks$: locks.live.value$,
    // One set for all who watch: there can be ten thousand keys.
    keySerials$: keyCertificates.live.changed$.pipe(
      map((documents) => new Set(documents.keys())),
      shareReplay({ bufferSize: 1, refCount: true }),
    ),
    trust$: trust.live.changed$.pipe(map((documents) => [...documents.values()])),
    staff$: staff.live.changed$.pipe(map((documents) => [...documents.values()])),
    enrolments$: enrolments.enrolments$,
    keyCertificate: (serialNumber) => keyCertificates.stored.get(serialNumber),
    enrolment: (enrolmentId) => Promise.resolve(enrolments.get(enrolmentId)),
    putEnrolment: (enrolment, ...events) =>
      asResult(() => enrolments.put(enrolment, ...events.filter((event) => event != null)).then(() => null)),
    unrecordedEvents: () => carried.unrecorded(),
    appendAccessEvent: async (compose) => {
      const appended = await asResult(() => journal.append(compose));
      if (appended.ok) await carried.recorded(appended.value.eventId);
      return appended;
    },
    get journalSequence() {
      return journal.sequence;
    },
    accessEventsAfter: (sequence, limit) => journal.after(sequence, limit),
    get journalOldest() {
      return journal.oldest;
    },
    accessEventsBetween: (from, before) => journal.between(from, before),
    acknowledged$: journal.acknowledged$,
    settled$: journal.settled$,
    isRefusedEvent: (sequence) => refusedEvents.has(sequence),
    hasEventOfAttempt: (attemptId) => journal.hasEventOfAttempt(attemptId),
    hasEvent: (eventId) => journal.hasEvent(eventId),
    readNote: (key) => Promise.resolve(file.readNote(serviceNote(key))),
    writeNote: (key, value) =>
      asResult(() => {
        file.writeNote(serviceNote(key), value);
        return null;
      }),
    notice,
    hiddenNotice,
    get isLocked() {
      return isLocked();
    },
    erase: async (kept = [], whatIsLocked = 'erase') => {
      for (const { stored } of Object.values(views)) await stored.clear();
      await enrolments.erase();
      await journal.erase();
      // What nobody could open when it was set aside may be opened one day.
      if (whatIsLocked === 'erase') eraseSetAside(path);
      if ('isLocked' in file && file.isLocked) await beginAnew(file, whatIsLocked, options);
      file.eraseAll(kept.map(serviceNote));
      quarantine.forget();
      refusedEvents.forget();
      logger.warn('data erased');
    },
    replica,
    dispose: async () => {
      await database.close();
      for (const { live } of Object.values(views)) live.dispose();
      for (const part of [enrolments, journal, quarantine, refusedEvents]) part.dispose();
      file.close();
    },
  };
};

/** Keeps notes of the services apart from this folder's own. */
const serviceNote = (key: string): string => `note.${key}`;
