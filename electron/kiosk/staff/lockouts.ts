/** Everyone's lockout, kept durably so that a restart does not lift it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Notes } from '../data/notes.ts';
import { afterQuiet, afterWrongPin, noLockout, type Lockout } from './lockout.ts';

const noteKey = 'lockouts';

const noteSchema = z.strictObject({
  savedAt: epochMsSchema,
  people: z.record(
    z.string(),
    z.strictObject({ wrong: z.int().min(0), lockedMs: z.number().min(0), quietMs: z.number().min(0) }),
  ),
});

export interface Lockouts {
  /** The lockout as it stands now. */
  of(staffId: string): Lockout;
  /**
   * Counts a try as wrong before it is judged, so that pulling the plug meanwhile gives no free guess. Not shown until
   * `wasWrong`. Errors: `storage.disk_full`, `storage.read_only`; nothing is counted then, and nothing may be judged.
   */
  countTry(staffId: string): Promise<Result<null>>;
  /** The try that was counted last was wrong: what follows from it becomes visible. */
  wasWrong(): void;
  /** The try was right: nothing of this person's counts any more. */
  clear(staffId: string): Promise<void>;
  /** Until when each locked person is locked, in the clock's time. Replays; changes as locks begin and end. */
  readonly lockedUntil$: Observable<ReadonlyMap<string, number>>;
  dispose(): void;
}

export interface LockoutsOptions {
  readonly clock: Clock;
  readonly notes: Notes;
  readonly logger: Logger;
}

export const createLockouts = async (options: LockoutsOptions): Promise<Lockouts> => {
  const { clock, notes, logger } = options;
  const known = new Map<string, { readonly lockout: Lockout; readonly at: number }>();
  const lockedUntil$ = new BehaviorSubject<ReadonlyMap<string, number>>(new Map());
  let cancelTimer = (): void => undefined;

  const of = (staffId: string): Lockout => {
    const entry = known.get(staffId);
    return entry ? afterQuiet(entry.lockout, clock.monotonic() - entry.at) : noLockout;
  };

  const show = (): void => {
    cancelTimer();
    const locked = [...known.keys()]
      .map((staffId) => ({ staffId, lockedMs: of(staffId).lockedMs }))
      .filter(({ lockedMs }) => lockedMs > 0);
    lockedUntil$.next(
      new Map(locked.map(({ staffId, lockedMs }) => [staffId, Math.ceil(clock.now() + lockedMs)])),
    );
    const next = Math.min(...locked.map(({ lockedMs }) => lockedMs));
    if (Number.isFinite(next)) cancelTimer = clock.after(Math.ceil(next), show);
  };

  const store = async (): Promise<Result<null>> => {
    const people = Object.fromEntries(
      [...known.keys()]
        .map((staffId) => [staffId, of(staffId)] as const)
        .filter(([, { wrong }]) => wrong > 0),
    );
    const written = await notes.writeNote(noteKey, JSON.stringify({ savedAt: clock.now(), people }));
    if (!written.ok) logger.warn('lockouts not stored', { code: written.error.code });
    return written.ok ? ok(null) : written;
  };

  const stored = readJson(noteSchema, await notes.readNote(noteKey));
  if (stored) {
    // A wall clock that went back counts as no time passed: the lock lasts once more, never longer than it was.
    const elapsed = Math.max(0, clock.now() - stored.savedAt);
    for (const [staffId, lockout] of Object.entries(stored.people)) {
      known.set(staffId, { lockout: afterQuiet(lockout, elapsed), at: clock.monotonic() });
    }
    show();
  }

  return {
    of,
    countTry: async (staffId) => {
      const before = known.get(staffId);
      known.set(staffId, { lockout: afterWrongPin(of(staffId)), at: clock.monotonic() });
      const stored = await store();
      if (stored.ok) return stored;
      if (before) known.set(staffId, before);
      else known.delete(staffId);
      return stored;
    },
    wasWrong: show,
    clear: async (staffId) => {
      if (!known.delete(staffId)) return;
      show();
      await store();
    },
    lockedUntil$,
    dispose: () => {
      cancelTimer();
      lockedUntil$.complete();
    },
  };
};
