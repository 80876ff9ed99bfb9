/**
 * What a person has to know of a lock until somebody has looked, whoever is signed in and however often the kiosk starts: that it
 * is not known whether it is open, that it advertised tampering, and that it refused. The first two are durable.
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
import type { Logger } from '../platform/logger.ts';
import type { Notes } from '../data/notes.ts';

const noteKey = 'lock-concerns';

const keptSchema = z.object({
  /** Since when it is not known whether the lock is open; epoch ms. */
  unknownSince: epochMsSchema.nullable(),
  /** `attended`: a person has said that they looked, and the lock goes on saying it. */
  tamper: z.object({ since: epochMsSchema, attended: z.boolean() }).nullable(),
});
const noteSchema = z.record(serialNumberSchema, keptSchema);

export interface Concern extends z.infer<typeof keptSchema> {
  /** The lock's last word, if it was a refusal. */
  readonly refused: { readonly at: number; readonly error: AppError } | null;
}
export type Concerns = ReadonlyMap<string, Concern>;
export type ConcernMatter = 'outcome' | 'tampering';

export interface LockConcerns {
  /** Replays. */
  readonly concerns$: Observable<Concerns>;
  /** How an attempt to open the lock ended. Resolves once what a person must not miss is written down, or could not be. */
  ended(serialNumber: string, end: UnlockEnd): Promise<void>;
  /** The lock has said, authenticated, what its bolt does: nothing about it is unknown any more. */
  told(serialNumber: string): Promise<void>;
  /** What the lock advertises. The first time is an access event; a person has to look before there is another. */
  advertised(serialNumber: string, tamper: boolean): Promise<void>;
  /** This person has looked at the lock. Durable when ok, and an access event. */
  looked(serialNumber: string, matter: ConcernMatter, staffId: string): Promise<Result<null>>;
  /** The lock is not of this store any more. */
  forget(serialNumber: string): Promise<void>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
}

export interface LockConcernsOptions {
  readonly notes: Notes;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const none: Concern = { unknownSince: null, tamper: null, refused: null };

export const createLockConcerns = async (options: LockConcernsOptions): Promise<LockConcerns> => {
  const { notes, journal, clock, logger } = options;
  const kept = readJson(noteSchema, await notes.readNote(noteKey)) ?? {};
  const concerns$ = new BehaviorSubject<Concerns>(
    new Map(Object.entries(kept).map(([serial, one]) => [serial, { ...none, ...one }])),
  );
  const writing = createQueue();

  /** One after the other, so that an older note never comes to lie over a newer one. */
  const write = (): Promise<Result<null>> => {
    const durable = [...concerns$.value].flatMap(([serial, { unknownSince, tamper }]) =>
      unknownSince === null && tamper === null ? [] : [[serial, { unknownSince, tamper }]],
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
    if (after.unknownSince !== null || after.tamper !== null || after.refused !== null)
      next.set(serialNumber, after);
    concerns$.next(next);
    if (after.unknownSince === before.unknownSince && after.tamper === before.tamper) return ok(null);
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
    advertised: async (serialNumber, tamper) => {
      const before = of(serialNumber).tamper;
      if (tamper && before === null) {
        await set(serialNumber, { tamper: { since: clock.now(), attended: false } });
        await journal.record({ kind: 'lock_tampered', serialNumber });
      } else if (!tamper && before?.attended === true) {
        await set(serialNumber, { tamper: null });
      }
    },
    looked: async (serialNumber, matter, staffId) => {
      const { unknownSince, tamper } = of(serialNumber);
      if (matter === 'outcome' ? unknownSince === null : tamper === null || tamper.attended) return ok(null);
      const written = await set(
        serialNumber,
        matter === 'outcome'
          ? { unknownSince: null }
          : { tamper: tamper === null ? null : { ...tamper, attended: true } },
      );
      await journal.record({
        kind: matter === 'outcome' ? 'outcome_checked' : 'tampering_checked',
        serialNumber,
        staffId,
      });
      return written;
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
