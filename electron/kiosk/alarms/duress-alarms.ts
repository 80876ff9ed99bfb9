/**
 * Duress that other kiosks of the store have told of, as it comes with the store's document: an alarm here once. Of its own this kiosk
 * never hears anything, so that nothing shows it where it happened.
 */
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import type { DuressAlarm, StoreDocument } from '#shared/models/documents.ts';
import { readJson } from '#shared/models/json.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Alarms } from './alarms.ts';

const noteKey = 'duress-heard';
/** What is older is the back office's business: a kiosk that was off for days calls nobody. */
export const duressCountsMs = 24 * 60 * 60_000;
/** As many as a store's document has, and as many again. */
const mostNoted = 40;
const noteSchema = z.array(uuidSchema);

export interface DuressAlarmsOptions {
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly store$: Observable<StoreDocument | null>;
  readonly notes: Notes;
  /** Trusted time. */
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

export interface DuressWatch {
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  dispose(): Promise<void>;
}

export const watchDuress = (options: DuressAlarmsOptions): DuressWatch => {
  const { alarms, store$, notes, clock, logger } = options;
  const turns = createQueue();

  const hear = async (told: readonly DuressAlarm[]): Promise<void> => {
    const heard = readJson(noteSchema, await notes.readNote(noteKey)) ?? [];
    const fresh = told.filter(
      ({ eventId, at }) => !heard.includes(eventId) && clock.now() - at < duressCountsMs,
    );
    if (fresh.length === 0) return;
    await alarms.raise('duress', null);
    const next = [...heard, ...fresh.map(({ eventId }) => eventId)].slice(-mostNoted);
    const written = await notes.writeNote(noteKey, JSON.stringify(next));
    if (!written.ok) logger.warn('what was heard of other kiosks was not kept', { code: written.error.code });
  };
  const store = store$.subscribe((now) => {
    const told = now?.duress ?? [];
    if (told.length > 0) void turns.add(() => hear(told));
  });

  return {
    forgetAll: () =>
      turns.add(async () => {
        await notes.writeNote(noteKey, '');
      }),
    dispose: async () => {
      store.unsubscribe();
      await turns.idle();
    },
  };
};
