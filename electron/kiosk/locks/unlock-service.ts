/** Opens the lock that a person has asked for, one at a time, and shows how far it is. */
import { BehaviorSubject, type Observable, of, switchMap } from 'rxjs';
import { onAbort } from '#shared/flow/abort.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { Clock } from '../platform/clock.ts';
import type { UnlockAttempt, AttemptState } from './attempt.ts';
import type { BoltFollower } from './bolt-follower.ts';
import type { Visits } from '../visit/visit.ts';
import { plainOpening, type BringOpening } from '../staff/opening.ts';
import { attemptMs, type Unlocker } from './unlocker.ts';

export interface UnlockService {
  /** The attempt that runs or ran last. Replays. */
  readonly attempt$: Observable<AttemptState | null>;
  /**
   * `lock.busy` while another person's operation runs. In the turn `bring` says what is brought for it, or what is missing of it,
   * before there is any attempt; left out, nothing is brought. Else always an end, at the latest after about 10 s.
   */
  unlock(
    serialNumber: string,
    staffId: string,
    signal: AbortSignal,
    bring?: BringOpening,
  ): Promise<Result<UnlockEnd>>;
  /** Stops that attempt if its command has not left; else does nothing. */
  stop(attemptId: string): void;
  /** The lock has said, authenticated, what its bolt does: shown with the attempt if it is about that lock. */
  boltIs(serialNumber: string, bolt: 'open' | 'locked'): void;
  /** Stops whatever attempt goes on if its command has not left. */
  stopAny(): void;
  dispose(): Promise<void>;
}

export interface UnlockOptions {
  readonly unlocker: Unlocker;
  readonly visits: Pick<Visits, 'inTurn'>;
  readonly follower: BoltFollower;
  readonly clock: Clock;
}

export const createUnlockService = (options: UnlockOptions): UnlockService => {
  const { unlocker, visits, follower, clock } = options;
  const current$ = new BehaviorSubject<UnlockAttempt | null>(null);
  let running: { readonly attempt: UnlockAttempt; readonly stopper: AbortController } | null = null;
  let done: Promise<unknown> = Promise.resolve();

  const run = async (
    attempt: UnlockAttempt,
    staffId: string,
    stopper: AbortController,
  ): Promise<UnlockEnd> => {
    const dueAt = clock.monotonic() + attemptMs;
    const { signal } = stopper;
    const answer = await unlocker.tryOnce(attempt, { staffId, dueAt, signal });
    // What the driver still holds on to must not go on after the person has been told.
    stopper.abort();
    const end = await unlocker.conclude(attempt, staffId, answer);
    if (end.kind === 'open') follower.follow(attempt, end.until);
    return end;
  };

  return {
    attempt$: current$.pipe(switchMap((attempt) => attempt?.state$ ?? of(null))),
    unlock: (serialNumber, staffId, signal, bring) =>
      visits.inTurn('person', serialNumber, async () => {
        follower.stop();
        const opening = bring ? await bring() : ok(plainOpening);
        if (!opening.ok) return opening;
        const stopper = new AbortController();
        const attempt = unlocker.attempt(serialNumber, opening.value);
        running = { attempt, stopper };
        current$.next(attempt);
        const forget = onAbort(signal, () => {
          if (!attempt.committed) stopper.abort();
        });
        const ended = run(attempt, staffId, stopper).finally(() => {
          forget();
          running = null;
        });
        done = ended.catch(() => undefined);
        return ok(await ended);
      }),
    stop: (attemptId) => {
      if (running?.attempt.attemptId === attemptId && !running.attempt.committed) running.stopper.abort();
    },
    boltIs: (serialNumber, bolt) => {
      const attempt = current$.value;
      if (attempt?.serialNumber === serialNumber && attempt.state.end !== null) attempt.boltIs(bolt);
    },
    stopAny: () => {
      follower.stop();
      if (running && !running.attempt.committed) running.stopper.abort();
    },
    dispose: async () => {
      running?.stopper.abort();
      follower.stop();
      await done;
      current$.complete();
    },
  };
};
