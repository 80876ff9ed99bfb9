/**
 * What was done here and is not in what is pulled yet: laid over it, from the event that tells of it until a whole pull has ended that began
 * after the backend had acknowledged that event. From then on the backend's word is all there is, whatever it has made of the event.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type { KioskData } from '../data/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';

/** Where it is told of events, and of what has become of them. */
export type TellsOfEvents = Pick<KioskData, 'settled$' | 'accessEventsAfter' | 'accessEventsBetween'>;

export interface DoneHere {
  /** Oldest first. Replays. */
  readonly done$: Observable<readonly PlannedEvent[]>;
  readonly value: readonly PlannedEvent[];
  /** It is in the journal, or sure to get there. */
  add(event: PlannedEvent): void;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): void;
  dispose(): void;
}

export interface DoneHereOptions {
  readonly data: TellsOfEvents;
  /** Whether that event changes what is pulled. */
  readonly isOne: (event: PlannedEvent) => boolean;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger;
}

const retryMs = 5_000;

/**
 * After a start, what the journal holds of it is there once `data` has answered; `ready` tells that it has been asked. What fails is
 * tried again.
 */
export const createDoneHere = (options: DoneHereOptions): DoneHere & { readonly ready: Promise<unknown> } => {
  const { data, isOne, clock, logger } = options;
  const done$ = new BehaviorSubject<readonly PlannedEvent[]>([]);
  /** Where each is in the journal, as far as it is known. */
  const sequences = new Map<string, number>();
  /** Up to which number the journal has been read; null before what it held at the start has been recalled. */
  let readTo: number | null = null;
  let settledTo = 0;
  let isForgotten = false;
  let isEnded = false;
  let cancelRetry = (): void => undefined;

  const show = (events: readonly PlannedEvent[]): void => {
    if (!isEnded && (events.length > 0 || done$.value.length > 0)) done$.next(events);
  };
  const note = (event: PlannedEvent | AccessEvent): void => {
    if ('sequence' in event) sequences.set(event.eventId, event.sequence);
  };
  const recall = async (): Promise<void> => {
    const from = settledTo;
    const events = await data.accessEventsAfter(from);
    readTo = from;
    if (isForgotten) return;
    const found = events.filter(isOne);
    const ids = new Set(found.map(({ eventId }) => eventId));
    found.forEach(note);
    show([...found, ...done$.value.filter(({ eventId }) => !ids.has(eventId))]);
  };
  /** One that was planned before it was recorded has got its number since. */
  const number = async (from: number): Promise<void> => {
    const to = settledTo;
    if (done$.value.some(({ eventId }) => !sequences.has(eventId)))
      for (const event of await data.accessEventsBetween(from + 1, to + 1)) if (isOne(event)) note(event);
    readTo = to;
  };
  const drop = (): void => {
    const isSettled = ({ eventId }: PlannedEvent): boolean =>
      (sequences.get(eventId) ?? Infinity) <= settledTo;
    const left = done$.value.filter((event) => !isSettled(event));
    if (left.length < done$.value.length) show(left);
    const ids = new Set(left.map(({ eventId }) => eventId));
    for (const eventId of sequences.keys()) if (!ids.has(eventId)) sequences.delete(eventId);
  };
  const turns = createQueue();
  let ready: Promise<unknown> = Promise.resolve();
  const look = async (): Promise<void> => {
    cancelRetry();
    try {
      if (readTo === null) await recall();
      else await number(readTo);
    } catch (error) {
      logger.error('what was done here was not looked up in the journal', describeThrown(error));
      if (!isEnded) cancelRetry = clock.after(retryMs, begin);
    }
    drop();
  };
  const begin = (): void => {
    ready = turns.add(look);
  };
  const settled = data.settled$.subscribe((now) => {
    settledTo = now;
    begin();
  });

  return {
    done$: done$.asObservable(),
    get value() {
      return done$.value;
    },
    get ready() {
      return ready;
    },
    add: (event) => {
      note(event);
      if (!done$.value.some(({ eventId }) => eventId === event.eventId)) show([...done$.value, event]);
    },
    forgetAll: () => {
      isForgotten = true;
      sequences.clear();
      show([]);
    },
    dispose: () => {
      isEnded = true;
      cancelRetry();
      settled.unsubscribe();
      done$.complete();
    },
  };
};
