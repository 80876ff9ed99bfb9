/**
 * When each lock of the store was last heard, and what its battery had then: for whoever looks for one that is out of reach, also
 * after the kiosk was started again. Learnt from advertisements, so nothing of it is authenticated.
 */
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { every } from '#shared/flow/every.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, serialNumberSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { LockSighting } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

const noteKey = 'last-heard';

/** All of them are written at once, so often at the most: a kiosk that is killed forgets no more than this, in ms. */
const writeEveryMs = 60 * 60_000;
/** Whoever was not heard for longest makes room. */
const mostLocks = 10_000;

const heardSchema = z.object({
  /** Epoch ms, by the kiosk's clock. */
  at: epochMsSchema,
  /** Percent. */
  battery: z.int().min(0).max(100),
});
const noteSchema = z.record(serialNumberSchema, heardSchema);
export type Heard = Readonly<z.infer<typeof heardSchema>>;

export interface LastHeard {
  /** null where this kiosk has never heard it. */
  of(serialNumber: string): Heard | null;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  /** Resolves once what is known is written down, or could not be. */
  dispose(): Promise<void>;
}

export interface LastHeardOptions {
  readonly sightings$: Observable<LockSighting>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const createLastHeard = async (options: LastHeardOptions): Promise<LastHeard> => {
  const { sightings$, storeLocks$, notes, clock, logger } = options;
  const heard = createBoundedMap<string, Heard>(mostLocks);
  const noted = readJson(noteSchema, await notes.readNote(noteKey)) ?? {};
  for (const [serialNumber, one] of Object.entries(noted)) heard.set(serialNumber, one);
  /** As of the last look; before the first, nobody knows what the store had. */
  let ofStore: StoreLocks = new Map();
  let isNew = false;
  const writing = createQueue();

  const write = async (): Promise<void> => {
    if (!isNew) return;
    isNew = false;
    const text = heard.size === 0 ? '' : JSON.stringify(Object.fromEntries(heard));
    const written = await writing.add(() => notes.writeNote(noteKey, text));
    if (written.ok) return;
    isNew = true;
    logger.warn('when locks were last heard was not kept', { code: written.error.code });
  };

  const store = storeLocks$.subscribe((now) => {
    for (const serialNumber of ofStore.keys())
      if (!now.has(serialNumber) && heard.delete(serialNumber)) isNew = true;
    ofStore = now;
  });
  const sightings = sightings$.subscribe(({ serialNumber, battery, repeated }) => {
    if (repeated || !ofStore.has(serialNumber)) return;
    heard.set(serialNumber, { at: clock.now(), battery });
    isNew = true;
  });
  const cancel = every(clock, writeEveryMs, () => void write());

  return {
    of: (serialNumber) => heard.get(serialNumber) ?? null,
    forgetAll: async () => {
      isNew = heard.size > 0;
      heard.clear();
      await write();
    },
    dispose: async () => {
      cancel();
      sightings.unsubscribe();
      store.unsubscribe();
      await write();
      await writing.idle();
    },
  };
};
