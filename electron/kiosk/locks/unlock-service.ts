import { BehaviorSubject, type Observable, of, switchMap } from 'rxjs';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver, Unlocked } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Random } from '../platform/random.ts';
import { createAttempt, type Attempt, type AttemptState } from './attempt.ts';
import type { BoltFollower } from './bolt-follower.ts';
import type { Credentials } from './credentials.ts';
import { judgeUnlock, timeoutIn } from './judge-unlock.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { Nearby } from './nearby.ts';
import type { OperationSlot } from './operation-slot.ts';
import { createStageMedians } from './stage-medians.ts';
import type { UnlockIntents } from './unlock-intents.ts';

/** From the tap to a named end. */
const attemptMs = 10_000;
/** A lock that was not heard for a moment gets this long to be heard before it is called not near. */
const hearMs = 2_000;
/** A driver that overruns its deadline is not waited for any longer than this. */
const overrunMs = 300;
const defaultHoldOpenSeconds = 5;

export interface UnlockService {
  /** The attempt that runs or ran last. Replays. */
  readonly attempt$: Observable<AttemptState | null>;
  /** `lock.busy` while another person's operation runs; else always an end, at the latest after about 10 s. */
  unlock(serialNumber: string, staffId: string, signal: AbortSignal): Promise<Result<UnlockEnd>>;
  /** Stops that attempt if its command has not left; else does nothing. */
  stop(attemptId: string): void;
  /** The lock has said, authenticated, what its bolt does: shown with the attempt if it is about that lock. */
  boltIs(serialNumber: string, bolt: 'open' | 'locked'): void;
  /** Milliseconds by stage of the last successful ones, medians; null before the first. */
  stageMedians(): AccessEvent['stageMs'] | null;
  dispose(): Promise<void>;
}

export interface UnlockOptions {
  readonly driver: Pick<LockDriver, 'unlock'>;
  readonly directory: LockDirectory;
  readonly nearby: Nearby;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
  readonly intents: UnlockIntents;
  readonly journal: Journal;
  readonly follower: BoltFollower;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export const createUnlockService = (options: UnlockOptions): UnlockService => {
  const { driver, directory, nearby, credentials, slot, intents, journal, follower } = options;
  const { clock, random, logger } = options;
  const current$ = new BehaviorSubject<Attempt | null>(null);
  const medians = createStageMedians();
  let running: { readonly attempt: Attempt; readonly stopper: AbortController } | null = null;
  let done: Promise<unknown> = Promise.resolve();

  /** Tries it; the answer says nothing yet about what is known (`judgeUnlock`). */
  const tryUnlock = async (
    attempt: Attempt,
    staffId: string,
    signal: AbortSignal,
  ): Promise<Result<Unlocked>> => {
    const { serialNumber, attemptId } = attempt;
    await nearby.waitFor(serialNumber, hearMs, signal);
    if (signal.aborted) return fail('lock.cancelled', { serialNumber });
    const found = directory.openable(serialNumber);
    if (!found.ok) return found;
    const intent = await intents.begin({ attemptId, serialNumber, staffId });
    if (!intent.ok) return intent;
    return credentials.lend(serialNumber, found.value.deviceCertificate, (lent) => {
      const deadlineMs = Math.max(0, attemptMs - attempt.elapsedMs());
      const answer = driver.unlock(
        serialNumber,
        lent,
        {
          holdOpenSeconds: directory.permission().store?.policy.holdOpenSeconds ?? defaultHoldOpenSeconds,
          actorHash: actorHash(staffId),
        },
        { deadlineMs, signal, onStage: (stage) => attempt.enter(stage), onCommitted: () => attempt.commit() },
      );
      return withinDeadline(clock, answer, deadlineMs + overrunMs, () => ({
        ok: false,
        error: timeoutIn(attempt.state.stage, serialNumber),
      }));
    });
  };

  const record = async (attempt: Attempt, staffId: string, end: UnlockEnd): Promise<void> => {
    const recorded = await journal.record({
      kind: eventKinds[end.kind],
      staffId,
      serialNumber: attempt.serialNumber,
      attemptId: attempt.attemptId,
      errorCode: errorCodeOf(end),
      stageMs: attempt.state.stageMs,
    });
    if (recorded.ok) await intents.end();
  };

  const run = async (attempt: Attempt, staffId: string, stopper: AbortController): Promise<UnlockEnd> => {
    let answer: Result<Unlocked>;
    try {
      answer = await tryUnlock(attempt, staffId, stopper.signal);
    } catch (error) {
      logger.error('unlock threw', { attemptId: attempt.attemptId, name: nameOf(error) });
      answer = fail('internal.unexpected');
    }
    const end = judgeUnlock(answer, attempt.committed, clock.now());
    // What the driver still holds on to must not go on after the person has been told.
    stopper.abort();
    attempt.finish(end);
    await record(attempt, staffId, end);
    if (end.kind === 'open') {
      medians.add(attempt.state.stageMs);
      follower.follow(attempt, end.until);
    }
    return end;
  };

  return {
    attempt$: current$.pipe(switchMap((attempt) => attempt?.state$ ?? of(null))),
    unlock: async (serialNumber, staffId, signal) => {
      const turn = await slot.claim('person', serialNumber);
      if (!turn.ok) return turn;
      follower.stop();
      const stopper = new AbortController();
      const attempt = createAttempt({
        attemptId: random.uuid(),
        serialNumber,
        lockName: directory.lock(serialNumber)?.name ?? serialNumber,
        clock,
      });
      running = { attempt, stopper };
      current$.next(attempt);
      const pageGone = (): void => {
        if (!attempt.committed) stopper.abort();
      };
      signal.addEventListener('abort', pageGone, { once: true });
      if (signal.aborted) pageGone();
      const ended = run(attempt, staffId, stopper).finally(() => {
        signal.removeEventListener('abort', pageGone);
        running = null;
        turn.value.release();
      });
      done = ended.catch(() => undefined);
      return ok(await ended);
    },
    stop: (attemptId) => {
      if (running?.attempt.attemptId === attemptId && !running.attempt.committed) running.stopper.abort();
    },
    boltIs: (serialNumber, bolt) => {
      const attempt = current$.value;
      if (attempt?.serialNumber === serialNumber && attempt.state.end !== null) attempt.boltIs(bolt);
    },
    stageMedians: () => medians.medians(),
    dispose: async () => {
      running?.stopper.abort();
      follower.stop();
      await done;
      current$.complete();
    },
  };
};

const eventKinds: Readonly<Record<UnlockEnd['kind'], AccessEvent['kind']>> = {
  open: 'unlocked',
  not_open: 'not_unlocked',
  unknown: 'unlock_unknown',
};

const errorCodeOf = (end: UnlockEnd): AccessEvent['errorCode'] => {
  switch (end.kind) {
    case 'open':
      return null;
    case 'not_open':
      return end.error.code;
    case 'unknown':
      return 'lock.outcome_unknown';
  }
};

const withinDeadline = <T>(clock: Clock, answer: Promise<T>, ms: number, late: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(late()));
    answer.then(resolve, reject).finally(cancel);
  });

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
