/** What the kiosk writes down of what was done, and puts right once it knows better. */
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { createAlarms, type Alarms } from '../alarms/alarms.ts';
import { createClockCorrections } from '../journal/clock-corrections.ts';
import { createJournal, type Journal } from '../journal/journal.ts';
import { createPlaceBook, type PlaceBook } from '../journal/place-book.ts';
import { createLockConcerns, type LockConcerns } from '../locks/concerns.ts';
import { createUnlockIntents, type UnlockIntents } from '../locks/unlock-intents.ts';
import { createLatest } from '../platform/latest.ts';
import type { Outside } from './open-outside.ts';

export interface Bookkeeping extends Outside {
  readonly journal: Journal;
  readonly placeBook: PlaceBook;
  readonly concerns: LockConcerns;
  readonly alarms: Alarms;
  readonly intents: UnlockIntents;
}

/** Resolves once what a sudden end left half written is whole again. */
export const openBookkeeping = async (outside: Outside): Promise<Bookkeeping> => {
  const { ports, ending, data, time, clock, vault, lost, replication } = outside;
  const { random, logger } = ports;
  const placeBook = createPlaceBook();
  const journal = createJournal({
    data,
    kioskId: () => vault.identity?.kioskId ?? null,
    offline: () => replication.state.connection !== 'online',
    clock,
    machineClock: ports.clock,
    placeOf: (serialNumber) => placeBook.of(serialNumber),
    random,
    logger,
  });
  ending.adopt('journal', journal);
  await journal.recover();
  // The first of what is there now: nobody who reads the journal takes it for whole.
  if (lost) await journal.record({ kind: 'events_lost', errorCode: 'storage.lost' });
  const alarms = await createAlarms({ notes: data, data, journal, clock, logger });
  await alarms.recover();
  const queued = createLatest<readonly EnrolmentDocument[]>(data.enrolments$, []);
  ending.adopt('queued', queued);
  const corrections = createClockCorrections({
    data,
    enrolments: () => queued.value,
    journal,
    clock,
    logger,
  });
  ending.defer('clock corrections', () => corrections.settled());
  replication.onTimeChecked(() => corrections.settled());
  const contacts = replication.state$.subscribe((state) => {
    const setByMs = time.contact(state);
    if (setByMs !== null) corrections.checked(setByMs);
  });
  ending.defer('contacts', () => contacts.unsubscribe());
  const concerns = await createLockConcerns({ notes: data, journal, clock, logger });
  const intents = createUnlockIntents({ notes: data, data, journal, concerns, replication, logger });
  await intents.recover();
  return { ...outside, journal, placeBook, concerns, alarms, intents };
};
