/** Reads a lock's ring, an answer at a time, in the session in which the first one came. Bounded, whatever the lock says. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { RingEvents } from '../../lock-driver.ts';
import type { LockEvent } from '../../wire/results.ts';
import type { AcceptedOf } from './exchange.ts';

/** More than any ring holds. */
export const mostEvents = 128;

/** Whether these are later than `after`, each later than the one before. */
const goOn = (events: readonly LockEvent[], after: number): boolean =>
  events.every(({ sequence }, index) => sequence > (events[index - 1]?.sequence ?? after));

/** `lock.protocol` for a ring that does not go forward. */
export const readRing = async (
  serialNumber: string,
  after: number,
  first: AcceptedOf<'events'>,
  askOn: (after: number) => Promise<Result<AcceptedOf<'events'>>>,
): Promise<Result<RingEvents>> => {
  const read: LockEvent[] = [];
  for (let answer = first; ;) {
    const last = read.at(-1)?.sequence ?? after;
    const { events, more } = answer;
    if (!goOn(events, last) || (more && events.length === 0)) return fail('lock.protocol', { serialNumber });
    read.push(...events);
    if (!more || read.length >= mostEvents) {
      return ok({ events: read.map((event) => ({ ...event, at: event.at * 1000 })), more });
    }
    const next = await askOn(read.at(-1)?.sequence ?? last);
    if (!next.ok) return next;
    answer = next.value;
  }
};
