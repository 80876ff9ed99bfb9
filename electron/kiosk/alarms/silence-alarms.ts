/**
 * Locks that were not heard for a day. Only time in which the kiosk itself was hearing counts: one that was off, asleep or without a
 * dongle has heard nobody. No clock that can be set plays a part in it. Only of locks that this kiosk has heard: another one of the
 * store may stand nearer to the rest.
 */
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { every } from '#shared/flow/every.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { readJson } from '#shared/models/json.ts';
import { serialNumberSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { LockSighting } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { RadioState } from '../radio/port.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Alarms } from './alarms.ts';

const noteKey = 'hearing';

export const silentForMs = 24 * 60 * 60_000;
const lookEveryMs = 60_000;
/** A kiosk that is killed forgets no more hearing than this. */
const writeEveryMs = 60 * 60_000;

const noteSchema = z.object({
  /** For how long this kiosk has been hearing in all, ms. */
  hearingMs: z.number().min(0),
  /** By lock, how long that had been when it was last heard. */
  heard: z.record(serialNumberSchema, z.number().min(0)),
});

export interface SilenceAlarms {
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  /** Resolves once what is known is written down, or could not be. */
  dispose(): Promise<void>;
}

export interface SilenceAlarmsOptions {
  readonly alarms: Pick<Alarms, 'find' | 'raise' | 'causeOver'>;
  readonly sightings$: Observable<LockSighting>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly radio$: Observable<RadioState>;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const watchSilence = async (options: SilenceAlarmsOptions): Promise<SilenceAlarms> => {
  const { alarms, sightings$, storeLocks$, radio$, notes, clock, logger } = options;
  const noted = readJson(noteSchema, await notes.readNote(noteKey));
  let hearingMs = noted?.hearingMs ?? 0;
  const heard = new Map(Object.entries(noted?.heard ?? {}));
  let locks: StoreLocks = new Map();
  let radio: RadioState = 'starting';
  let lastLook = clock.monotonic();
  const writing = createQueue();

  const write = async (): Promise<void> => {
    const text = JSON.stringify({ hearingMs: Math.round(hearingMs), heard: Object.fromEntries(heard) });
    const written = await writing.add(() => notes.writeNote(noteKey, text));
    if (!written.ok) logger.warn('for how long locks were silent was not kept', { code: written.error.code });
  };
  /** Time that was heard through until now. One that is longer than a look takes was not: the computer slept. */
  const count = (): void => {
    const now = clock.monotonic();
    if (radio === 'ready') hearingMs += Math.min(now - lastLook, 2 * lookEveryMs);
    lastLook = now;
  };
  const look = (): void => {
    count();
    for (const [serialNumber, at] of heard)
      if (locks.has(serialNumber) && hearingMs - at >= silentForMs)
        void alarms.raise('not_heard', serialNumber);
  };

  const store = storeLocks$.subscribe((now) => {
    // A spare lies in a drawer, and is heard anew from when it is put somewhere.
    const kept = new Map([...now].filter(([, { place }]) => place !== null));
    for (const serialNumber of locks.keys()) {
      if (kept.has(serialNumber)) continue;
      heard.delete(serialNumber);
      if (now.has(serialNumber)) void alarms.causeOver('not_heard', serialNumber);
    }
    locks = kept;
  });
  const states = radio$.subscribe((now) => {
    count();
    radio = now;
  });
  const sightings = sightings$.subscribe(({ serialNumber, repeated }) => {
    if (repeated || !locks.has(serialNumber)) return;
    const silentMs = hearingMs - (heard.get(serialNumber) ?? hearingMs);
    heard.set(serialNumber, Math.round(hearingMs));
    if (alarms.find('not_heard', serialNumber)) void alarms.causeOver('not_heard', serialNumber);
    // A kiosk that is killed takes it for as silent as it was when that was last written.
    if (silentMs >= writeEveryMs) void write();
  });
  const stopLooking = every(clock, lookEveryMs, look);
  const stopWriting = every(clock, writeEveryMs, () => void write());

  return {
    forgetAll: async () => {
      hearingMs = 0;
      heard.clear();
      await writing.add(() => notes.writeNote(noteKey, ''));
    },
    dispose: async () => {
      stopLooking();
      stopWriting();
      sightings.unsubscribe();
      states.unsubscribe();
      store.unsubscribe();
      count();
      await write();
      await writing.idle();
    },
  };
};
