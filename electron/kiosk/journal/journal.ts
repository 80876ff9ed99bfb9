import { createHash } from 'node:crypto';
import { createQueue } from '#shared/flow/queue.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { ok } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import type { KioskData } from '../data/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { eventOf, type JournalEntry } from './journal-entry.ts';

export interface Journal {
  /**
   * Appends an access event to the hash chain; durable when it answers ok. An event that cannot be stored is kept in
   * memory, in order, and stored as soon as the disk allows; `backlog` says how many wait. Beyond 500 the newest are given
   * up, and one event `events_lost` stands in their place.
   */
  record(entry: JournalEntry): Promise<Result<AccessEvent | null>>;
  /**
   * As `record`, but only if the disk takes it now, after all that waits: what it does not take has not happened, and does not
   * come later.
   */
  recordNow(entry: JournalEntry): Promise<Result<AccessEvent | null>>;
  /**
   * The event of an entry, as of now, to be stored together with what it is about; null while the kiosk is not registered.
   * It is not in the journal before `recordPlanned`.
   */
  plan(entry: JournalEntry): PlannedEvent | null;
  /** As `record`, with an event that was planned before. */
  recordPlanned(event: PlannedEvent | null): Promise<Result<AccessEvent | null>>;
  /** Records what a kill left planned and not recorded; call it once, before anything else is recorded. */
  recover(): Promise<void>;
  readonly backlog: number;
  /** What waits for the disk, placed as it will be in the chain: for who has to know it although it is not stored. */
  unstored(): Promise<AccessEvent[]>;
  /** Gives up what waits: who it is of has been revoked. */
  forget(): Promise<void>;
  /** Stores what waits, now: ok once nothing waits, else why the disk still does not take it. */
  catchUp(): Promise<Result<null>>;
  dispose(): Promise<void>;
}

export interface JournalOptions {
  readonly data: Pick<
    KioskData,
    'appendAccessEvent' | 'unrecordedEvents' | 'journalSequence' | 'accessEventsAfter'
  >;
  /** null while the kiosk is not registered: nothing is recorded then. */
  readonly kioskId: () => string | null;
  /** Whether the kiosk has no contact to its backend now. */
  readonly offline: () => boolean;
  /** The kiosk's time, as far as it knows it. */
  readonly clock: Clock;
  /** The machine's own clock, right or wrong. */
  readonly machineClock: Pick<Clock, 'now'>;
  /** The place that a lock is in now; left out: none is known here. */
  readonly placeOf?: (serialNumber: string) => string | undefined;
  readonly random: Random;
  readonly logger: Logger;
}

/** More can only come of a disk that stays full while people try to sign in: unlocking stops at the first. */
const longestBacklog = 500;
const retryMs = 5_000;

export const createJournal = (options: JournalOptions): Journal => {
  const { data, kioskId, offline, clock, machineClock, random, logger } = options;
  const { placeOf = () => undefined } = options;
  const run = random.uuid();
  const waiting: PlannedEvent[] = [];
  const queue = createQueue();
  let cancelRetry = (): void => undefined;

  const append = (event: PlannedEvent): Promise<Result<AccessEvent>> =>
    data.appendAccessEvent((sequence, previousHash) => place(event, sequence, previousHash));

  /** Stores what waits, oldest first; answers the first failure. */
  const drain = async (): Promise<Result<AccessEvent | null>> => {
    let last: Result<AccessEvent | null> = ok(null);
    for (let event = waiting[0]; event; event = waiting[0]) {
      last = await append(event);
      if (!last.ok) {
        cancelRetry();
        cancelRetry = clock.after(retryMs, () => void enqueue(drain));
        return last;
      }
      waiting.shift();
    }
    return last;
  };

  const enqueue = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = queue.add(task);
    turn.catch((error: unknown) => {
      logger.error('journal append threw', describeThrown(error));
    });
    return turn;
  };

  const plan = (entry: JournalEntry): PlannedEvent | null => {
    const kiosk = kioskId();
    if (kiosk === null) return null;
    const uptimeMs = Math.round(clock.monotonic());
    return eventOf(entry, {
      eventId: random.uuid(),
      kioskId: kiosk,
      at: clock.now(),
      offline: offline(),
      clock: { run, uptimeMs, machine: Math.max(0, Math.round(machineClock.now())) },
      place: entry.serialNumber ? placeOf(entry.serialNumber) : undefined,
    });
  };

  const recordPlanned = (event: PlannedEvent | null): Promise<Result<AccessEvent | null>> => {
    if (event === null) return Promise.resolve(ok(null));
    return enqueue(async () => {
      waiting.push(event);
      // What is given up leaves a mark in the chain: nobody who reads it can take it for whole.
      if (waiting.length > longestBacklog) {
        const [first = event] = waiting.splice(longestBacklog - 1);
        waiting.push(lossAt(first));
        logger.error('journal event lost: the backlog is full', { backlog: longestBacklog });
      }
      const stored = await drain();
      if (!stored.ok) {
        logger.error('journal event waits', { code: stored.error.code, backlog: waiting.length });
      }
      return stored;
    });
  };

  return {
    record: (entry) => recordPlanned(plan(entry)),
    recordNow: (entry) =>
      enqueue(async () => {
        const caughtUp = await drain();
        if (!caughtUp.ok) return caughtUp;
        const event = plan(entry);
        return event === null ? ok(null) : append(event);
      }),
    plan,
    recordPlanned,
    recover: async () => {
      for (const event of await data.unrecordedEvents()) {
        logger.warn('an event was left unrecorded', { kind: event.kind, eventId: event.eventId });
        await recordPlanned(event);
      }
    },
    get backlog() {
      return waiting.length;
    },
    unstored: () =>
      enqueue(async () => {
        const [newest] = await data.accessEventsAfter(data.journalSequence - 1);
        let { sequence, hash } = newest ?? { sequence: 0, hash: firstPreviousHash };
        return waiting.map((event) => {
          const placed = place(event, sequence + 1, hash);
          ({ sequence, hash } = placed);
          return placed;
        });
      }),
    forget: () =>
      enqueue(() => {
        waiting.length = 0;
        cancelRetry();
        return Promise.resolve();
      }),
    catchUp: async () => {
      const stored = await enqueue(drain);
      return stored.ok ? ok(null) : stored;
    },
    dispose: async () => {
      cancelRetry();
      await enqueue(drain);
      cancelRetry();
    },
  };
};

const lossAt = (first: PlannedEvent): PlannedEvent => ({
  ...first,
  kind: 'events_lost',
  staffId: null,
  serialNumber: null,
  attemptId: null,
  errorCode: 'storage.disk_full',
  stageMs: {},
});

/** The event at its place in the chain. */
const place = (event: PlannedEvent, sequence: number, previousHash: string): AccessEvent => {
  const unhashed = { ...event, sequence, previousHash };
  return { ...unhashed, hash: createHash('sha256').update(journalHashInput(unhashed)).digest('hex') };
};
