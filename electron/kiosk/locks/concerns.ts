/**
 * What an attempt to open a lock has left for somebody to know, whoever is signed in: that it is not known whether the lock is open,
 * which is durable, and that the lock refused. What happens without anybody's doing is an alarm (alarms/alarms.ts).
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import { ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, serialNumberSchema } from '#shared/models/primitives.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Notes } from '../data/notes.ts';

const noteKey = 'lock-concerns';

const keptSchema = z.object({
  /** Since when it is not known whether the lock is open; epoch ms. */
  unknownSince: epochMsSchema.nullable(),
});
const noteSchema = z.record(serialNumberSchema, keptSchema);

export interface Concern extends z.infer<typeof keptSchema> {
  /** The lock's last word, if it was a refusal. */
  readonly refused: { readonly at: number; readonly error: AppError } | null;
}
export type Concerns = ReadonlyMap<string, Concern>;

export interface LockConcerns {
  /** Replays. */
  readonly concerns$: Observable<Concerns>;
  /** How an attempt to open the lock ended. Resolves once what a person must not miss is written down, or could not be. */
  ended(serialNumber: string, end: UnlockEnd): Promise<void>;
  /** The lock has said, authenticated, what its bolt does: nothing about it is unknown any more. */
  told(serialNumber: string): Promise<void>;
  /** This person has looked whether the lock is open. Durable when ok, and an access event. */
  looked(serialNumber: string, staffId: string): Promise<Result<null>>;
  /** The lock is not of this store any more. */
  forget(serialNumber: string): Promise<void>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
}

export interface LockConcernsOptions {
  readonly notes: Notes;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const none: Concern = { unknownSince: null, refused: null };

export const createLockConcerns = async (options: LockConcernsOptions): Promise<LockConcerns> => {
  const { notes, journal, clock, logger } = options;
  const kept = readJson(noteSchema, await notes.readNote(noteKey)) ?? {};
  const concerns$ = new BehaviorSubject<Concerns>(
    new Map(Object.entries(kept).map(([serial, one]) => [serial, { ...none, ...one }])),
  );
  const writing = createQueue();

  /** One after the other, so that an older note never comes to lie over a newer one. */
  const write = (): Promise<Result<null>> => {
    const durable = [...concerns$.value].flatMap(([serial, { unknownSince }]) =>
      unknownSince === null ? [] : [[serial, { unknownSince }]],
    );
    const text = durable.length === 0 ? '' : JSON.stringify(Object.fromEntries(durable));
    return writing.add(() => notes.writeNote(noteKey, text));
  };
  const of = (serialNumber: string): Concern => concerns$.value.get(serialNumber) ?? none;

  const set = async (serialNumber: string, to: Partial<Concern>): Promise<Result<null>> => {
    const before = of(serialNumber);
    const after = { ...before, ...to };
    const next = new Map(concerns$.value);
    next.delete(serialNumber);
    if (after.unknownSince !== null || after.refused !== null) next.set(serialNumber, after);
    concerns$.next(next);
    if (after.unknownSince === before.unknownSince) return ok(null);
    const written = await write();
    if (!written.ok) logger.warn('a concern about a lock was not kept', { code: written.error.code });
    return written;
  };

  return {
    concerns$,
    ended: async (serialNumber, end) => {
      if (end.kind === 'unknown') {
        await set(serialNumber, {
          unknownSince: of(serialNumber).unknownSince ?? clock.now(),
          refused: null,
        });
      } else if (end.kind === 'open') {
        if (concerns$.value.has(serialNumber)) await set(serialNumber, { unknownSince: null, refused: null });
      } else if (isItsWord(end.error)) {
        await set(serialNumber, { refused: { at: clock.now(), error: end.error } });
      }
    },
    told: async (serialNumber) => {
      if (of(serialNumber).unknownSince !== null) await set(serialNumber, { unknownSince: null });
    },
    looked: async (serialNumber, staffId) => {
      if (of(serialNumber).unknownSince === null) return ok(null);
      // First, so that a kill in between asks once more, and forgets nothing that was not recorded.
      const recorded = await journal.recordNow({ kind: 'outcome_checked', serialNumber, staffId });
      return recorded.ok ? set(serialNumber, { unknownSince: null }) : recorded;
    },
    forget: async (serialNumber) => {
      if (concerns$.value.has(serialNumber)) await set(serialNumber, none);
    },
    forgetAll: async () => {
      concerns$.next(new Map());
      await write();
    },
  };
};

/** Only what the lock itself has said: of a dongle that is out, or a lease that is over, the kiosk knows when it ends. */
const isItsWord = ({ code }: AppError): boolean =>
  code === 'lock.refused' || code === 'lock.chain_refused' || code === 'lock.not_genuine';
