/**
 * What was done here and is not in what is pulled yet: laid over it, from the event that tells of it until a whole pull has ended that began
 * after the backend had acknowledged that event. From then on the backend's word is all there is, whatever it has made of the event.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type { KioskData } from '../data/port.ts';
import type { Logger } from '../platform/logger.ts';

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
  readonly logger: Logger;
}

/** After a start, what the journal holds of it is there once `data` has answered; `ready` tells. */
export const createDoneHere = (options: DoneHereOptions): DoneHere & { readonly ready: Promise<unknown> } => {
  const { data, isOne, logger } = options;
  const done$ = new BehaviorSubject<readonly PlannedEvent[]>([]);
  let upTo: number | null = null;
  let forgotten = false;

  const recall = (events: readonly AccessEvent[]): void => {
    const ids = new Set(events.map(({ eventId }) => eventId));
    const since = done$.value.filter(({ eventId }) => !ids.has(eventId));
    const all = [...events.filter(isOne), ...since];
    if (!forgotten && all.length > 0) done$.next(all);
  };
  const drop = (events: readonly AccessEvent[]): void => {
    const ids = new Set(events.map(({ eventId }) => eventId));
    const left = done$.value.filter(({ eventId }) => !ids.has(eventId));
    if (left.length < done$.value.length) done$.next(left);
  };
  const settle = async (settled: number): Promise<void> => {
    const before = upTo;
    upTo = settled;
    if (before === null) recall(await data.accessEventsAfter(settled));
    else if (done$.value.length > 0) drop(await data.accessEventsBetween(before + 1, settled + 1));
  };
  const turns = createQueue();
  let ready: Promise<unknown> = Promise.resolve();
  const settled = data.settled$.subscribe((now) => {
    ready = turns
      .add(() => settle(now))
      .catch((error: unknown) => logger.error('what was done here was not recalled', describeThrown(error)));
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
      if (!done$.value.some(({ eventId }) => eventId === event.eventId)) done$.next([...done$.value, event]);
    },
    forgetAll: () => {
      forgotten = true;
      done$.next([]);
    },
    dispose: () => {
      settled.unsubscribe();
      done$.complete();
    },
  };
};
