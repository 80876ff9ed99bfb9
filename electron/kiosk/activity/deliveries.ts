/** Since when the back office has what this kiosk has sent: noted as it is acknowledged, and kept over a restart. */
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import type { Delivery } from '#shared/ipc/activity.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { KioskData } from '../data/port.ts';
import type { Clock } from '../platform/clock.ts';

const noteKey = 'journal-deliveries';
/** `[up to which sequence number, at what time]`, oldest first; null: before this kiosk remembers. */
const noteSchema = z.array(z.tuple([z.int().min(1), epochMsSchema.nullable()]));
type Marks = z.infer<typeof noteSchema>;
/** A day of a busy store. */
const mostKept = 400;

export interface Deliveries {
  of(event: Pick<AccessEvent, 'sequence'>): Delivery;
  forget(): Promise<void>;
  dispose(): Promise<void>;
}

export interface DeliveriesOptions {
  readonly data: Pick<KioskData, 'isRefusedEvent'> & { readonly acknowledged$: Observable<number> };
  readonly notes: Notes;
  readonly clock: Pick<Clock, 'now'>;
}

export const createDeliveries = async ({ data, notes, clock }: DeliveriesOptions): Promise<Deliveries> => {
  const writing = createQueue();
  let marks: Marks = readJson(noteSchema, await notes.readNote(noteKey)) ?? [];
  let acknowledged: number | null = null;

  const keep = (next: Marks): void => {
    // The oldest that is kept stands for all before it, too.
    marks = next
      .slice(-mostKept)
      .map(([last, at], n) => [last, n === 0 && next.length > mostKept ? null : at]);
    // One that is not written is not missed: the event is with the back office all the same.
    void writing.add(() => notes.writeNote(noteKey, JSON.stringify(marks)));
  };
  const arriving = data.acknowledged$.subscribe((upTo) => {
    const isFirst = acknowledged === null;
    acknowledged = upTo;
    // A backend that went back has what it had no more.
    const known = marks.filter(([last]) => last <= upTo);
    const newest = known.at(-1)?.[0] ?? 0;
    if (newest < upTo) keep([...known, [upTo, isFirst ? null : clock.now()]]);
    else if (known.length < marks.length) keep(known);
  });

  return {
    of: ({ sequence }) => {
      if (sequence > (acknowledged ?? 0)) return { state: 'waiting' };
      if (data.isRefusedEvent(sequence)) return { state: 'refused' };
      return { state: 'held', since: marks.find(([last]) => last >= sequence)?.[1] ?? null };
    },
    forget: () => {
      marks = [];
      return writing.add(async () => {
        await notes.writeNote(noteKey, '');
      });
    },
    dispose: async () => {
      arriving.unsubscribe();
      await writing.idle();
    },
  };
};
