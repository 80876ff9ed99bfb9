/** The lock's own record of what it did: the last hundred events, numbered without gaps. */
import { fromHex, toHex } from '#kiosk/link/wire/bytes.ts';
import { maxEventsPerAnswer, type LockEvent } from '#kiosk/link/wire/results.ts';
import type { LockState } from './lock-state.ts';

const capacity = 100;

export interface EventRing {
  add(event: Omit<LockEvent, 'sequence'>): void;
  /** Oldest first, above `sequence`. */
  after(sequence: number): { readonly events: readonly LockEvent[]; readonly more: boolean };
  snapshot(): Pick<LockState, 'events' | 'nextEvent'>;
}

export const createEventRing = (stored: Pick<LockState, 'events' | 'nextEvent'>): EventRing => {
  let nextEvent = stored.nextEvent;
  const events: LockEvent[] = stored.events.map((event) => ({
    ...event,
    actorHash: event.actorHash === null ? null : fromHex(event.actorHash),
  }));
  return {
    add: (event) => {
      events.push({ ...event, sequence: nextEvent });
      nextEvent += 1;
      if (events.length > capacity) events.shift();
    },
    after: (sequence) => {
      const later = events.filter((event) => event.sequence > sequence);
      return { events: later.slice(0, maxEventsPerAnswer), more: later.length > maxEventsPerAnswer };
    },
    snapshot: () => ({
      nextEvent,
      events: events.map((event) => ({
        ...event,
        actorHash: event.actorHash === null ? null : toHex(event.actorHash),
      })),
    }),
  };
};
