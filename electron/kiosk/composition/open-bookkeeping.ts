/** What the kiosk writes down of what was done, and puts right once it knows better. */
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { createClockCorrections, type ClockCorrections } from '../journal/clock-corrections.ts';
import { createJournal, type Journal } from '../journal/journal.ts';
import { createLockConcerns, type LockConcerns } from '../locks/concerns.ts';
import { createUnlockIntents, type UnlockIntents } from '../locks/unlock-intents.ts';
import { createLatest } from '../platform/latest.ts';
import type { Replication } from '../replication.ts';
import type { Ground } from './open-ground.ts';
import type { Begun, KioskPorts } from './ports.ts';

export interface Bookkeeping {
  readonly journal: Journal;
  readonly corrections: ClockCorrections;
  readonly concerns: LockConcerns;
  readonly intents: UnlockIntents;
}

/** Resolves once what a sudden end left half written is whole again. */
export const openBookkeeping = async (
  ports: KioskPorts,
  { data, time, clock, vault }: Ground,
  replication: Replication,
  begun: Begun,
): Promise<Bookkeeping> => {
  const { random, logger } = ports;
  const journal = createJournal({
    data,
    kioskId: () => vault.identity?.kioskId ?? null,
    offline: () => replication.state.connection !== 'online',
    clock,
    machineClock: ports.clock,
    random,
    logger,
  });
  begun.onStop('journal', () => journal.dispose());
  await journal.recover();
  const queued = createLatest<readonly EnrolmentDocument[]>(data.enrolments$, []);
  begun.disposable('queued', queued);
  const corrections = createClockCorrections({
    data,
    enrolments: () => queued.value,
    journal,
    clock,
    logger,
  });
  begun.onStop('clock corrections', () => corrections.settled());
  const contacts = replication.state$.subscribe((state) => {
    const setByMs = time.contact(state);
    if (setByMs !== null) corrections.checked(setByMs);
  });
  begun.disposable('contacts', { dispose: () => contacts.unsubscribe() });
  const concerns = await createLockConcerns({ notes: data, journal, clock, logger });
  const intents = createUnlockIntents({ notes: data, data, journal, concerns, replication, logger });
  await intents.recover();
  return { journal, corrections, concerns, intents };
};
