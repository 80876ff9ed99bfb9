/**
 * What time it is, as far as the kiosk can know without asking: the backend's signed time at the last contact, carried on
 * by the machine's clock, and never going back. Turning the machine's clock back, with the kiosk running or between two
 * runs, therefore neither prolongs the offline lease nor revives a lapsed certificate; turning it on ahead costs the lease
 * until the next contact, which puts everything right. By how much the machine's clock is off holds while nobody sets it:
 * until the machine is started anew, because what its clock then says comes from elsewhere.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { every } from '#shared/flow/every.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Notes } from '../data/notes.ts';

const noteKey = 'trusted-time';
const persistEveryMs = 60_000;
/** The wall clock and the time since the boot drift apart by less than this between two looks. */
const toleranceMs = 2_000;

const noteSchema = z.strictObject({
  highest: epochMsSchema,
  skewMs: z.int().nullable(),
  contactAt: epochMsSchema.nullable(),
  /** The machine's clock and the time since its boot when this was noted; notes of releases before 0.3.0 have neither. */
  wall: z.number().optional(),
  sinceBoot: z.number().optional(),
});
type Note = z.infer<typeof noteSchema>;

export interface Contact {
  /** Wall clock at the last answer of the backend. */
  readonly lastContactAt: number | null;
  /** Wall clock minus signed backend time when last measured; null before the first time check. */
  readonly skewMs: number | null;
  /** How many signed time checks there have been: a new one may set the time back, an old one may not. */
  readonly timeChecks: number;
}

export interface TrustedTime {
  /** The kiosk's clock for everything but the replication itself: same timers, corrected `now`. */
  readonly clock: Clock;
  /** Corrected time of the last contact to the backend; null if there was none. Replays. */
  readonly lastContactAt$: Observable<number | null>;
  /** Whether the machine's clock was seen to run back since the last contact. */
  rolledBack(): boolean;
  /** Takes in what replication knows: call it at each change. Answers by how many ms a new check has set the clock; else null. */
  contact(contact: Contact): number | null;
  dispose(): Promise<void>;
}

export interface TrustedTimeOptions {
  readonly clock: Clock;
  readonly notes: Notes;
  readonly logger: Logger;
}

export const createTrustedTime = async (options: TrustedTimeOptions): Promise<TrustedTime> => {
  const { clock, notes, logger } = options;
  // A note of another version: as if there had been no contact, which the next contact mends.
  const stored = readJson(noteSchema, await notes.readNote(noteKey));
  const ranOnMs = stored && ranOnSince(stored, clock);
  let skewMs = ranOnMs === null ? null : (stored?.skewMs ?? null);
  let base = {
    at: Math.max((stored?.highest ?? 0) + (ranOnMs ?? 0), clock.now() - (skewMs ?? 0)),
    sinceBoot: clock.sinceBoot(),
  };
  let rolledBack = stored !== null && clock.now() - (skewMs ?? 0) < stored.highest - toleranceMs;
  let seenContactAt: number | null = null;
  let seenTimeChecks = 0;
  const writing = createQueue();
  const lastContactAt$ = new BehaviorSubject(stored?.contactAt ?? null);

  const now = (): number => {
    const sinceBoot = clock.sinceBoot();
    const carried = base.at + (sinceBoot - base.sinceBoot);
    const wall = clock.now() - (skewMs ?? 0);
    if (wall < carried - toleranceMs) rolledBack = true;
    base = { at: Math.max(carried, wall), sinceBoot };
    return Math.round(base.at);
  };

  const persist = (): void => {
    const note: Note = {
      highest: now(),
      skewMs,
      contactAt: lastContactAt$.value,
      wall: clock.now(),
      sinceBoot: clock.sinceBoot(),
    };
    writing
      .add(async () => {
        const written = await notes.writeNote(noteKey, JSON.stringify(note));
        if (!written.ok) logger.warn('trusted time not stored', { code: written.error.code });
      })
      .catch((error: unknown) => logger.error('trusted time threw', describeThrown(error)));
  };

  const stopTicking = every(clock, persistEveryMs, persist);
  persist();

  return {
    clock: {
      now,
      monotonic: () => clock.monotonic(),
      sinceBoot: () => clock.sinceBoot(),
      after: (ms, task) => clock.after(ms, task),
    },
    lastContactAt$,
    rolledBack: () => rolledBack,
    contact: ({ lastContactAt, skewMs: measured, timeChecks }) => {
      const before = { skewMs, contactAt: lastContactAt$.value };
      let setByMs: number | null = null;
      // Counted from 0 again where replication begins anew for another identity.
      const isNewCheck = timeChecks !== seenTimeChecks;
      seenTimeChecks = timeChecks;
      if (measured !== null && isNewCheck) {
        const believed = now();
        // Half a round trip is no whole number of milliseconds; what is shown and stored is.
        skewMs = Math.round(measured);
        base = { at: clock.now() - skewMs, sinceBoot: clock.sinceBoot() };
        rolledBack = false;
        setByMs = now() - believed;
        // A contact that was noted by a clock that was ahead is no later than this check.
        const { value } = lastContactAt$;
        if (value !== null && value > now()) lastContactAt$.next(now());
      }
      if (lastContactAt !== seenContactAt && lastContactAt !== null) {
        // What replication has kept of an earlier run was noted by the clock of then: the note here knows it better.
        const isOfEarlierRun = stored !== null && seenContactAt === null && timeChecks === 0;
        seenContactAt = lastContactAt;
        const corrected = Math.round(lastContactAt) - (skewMs ?? 0);
        // A contact of now is never ahead of trusted time. One that is was stored by a clock that has been put right since, and
        // would count as one of now at every start. Nor does one that a clock behind has noted take an earlier one back.
        if (!isOfEarlierRun && corrected <= now() + toleranceMs)
          lastContactAt$.next(Math.max(lastContactAt$.value ?? 0, Math.min(now(), corrected)));
      }
      if (before.skewMs !== skewMs || before.contactAt !== lastContactAt$.value) persist();
      return setByMs;
    },
    dispose: async () => {
      stopTicking();
      persist();
      await writing.idle();
      lastContactAt$.complete();
    },
  };
};

/** For how many ms the machine has run on since the note, its clock left alone; null where it was started or set anew. */
const ranOnSince = (note: Note, clock: Clock): number | null => {
  if (note.wall === undefined || note.sinceBoot === undefined) return null;
  const elapsed = clock.sinceBoot() - note.sinceBoot;
  const isSetAnew = Math.abs(clock.now() - note.wall - elapsed) > toleranceMs;
  return elapsed < 0 || isSetAnew ? null : elapsed;
};
