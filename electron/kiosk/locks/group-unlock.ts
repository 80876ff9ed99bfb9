/**
 * Opens several locks for one person. Each is an attempt of its own, with its own end and its own entry in the journal; in
 * which order they are tried, and how many at once, is the schedule's business.
 */
import { BehaviorSubject, map, type Observable } from 'rxjs';
import { onAbort } from '#shared/flow/abort.ts';
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { GroupRun, UnlockEnd } from '#shared/ipc/views.ts';
import type { Unlocked } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import type { UnlockAttempt } from './attempt.ts';
import type { BoltFollower } from './bolt-follower.ts';
import type { GroupBolts } from './group-bolts.ts';
import { runSchedule, type GroupTask } from './group-schedule.ts';
import { timeoutIn } from './judge-unlock.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Nearby } from '../visit/nearby.ts';
import { hearMs, type Visits } from '../visit/visit.ts';
import { plainGroupOpening, type BringOpening, type Opening } from '../staff/opening.ts';
import { attemptMs, type Unlocker } from './unlocker.ts';

export interface GroupUnlock {
  /** The run that goes on or went last. Replays. */
  readonly run$: Observable<GroupRun | null>;
  /**
   * Answers when every lock has its end; `lock.busy` while another person's operation or another run goes on. After
   * `signal` or a stop the locks that have not begun end as `lock.cancelled`. `bring` as for one lock, once for all of them.
   */
  unlock(
    serialNumbers: readonly string[],
    staffId: string,
    signal: AbortSignal,
    bring?: BringOpening,
  ): Promise<Result<GroupRun>>;
  /** Stops that run: locks whose command has not left are stopped, the others do not begin. */
  stop(runId: string): void;
  /** A lock has said, authenticated, what its bolt does: shown with the run if that lock has its end there. */
  boltIs(serialNumber: string, bolt: 'open' | 'locked' | null): void;
  /** Stops whatever run goes on. */
  stopAny(): void;
  dispose(): Promise<void>;
}

export interface GroupUnlockOptions {
  readonly unlocker: Unlocker;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly nearby: Pick<Nearby, 'get' | 'nearby$'>;
  readonly visits: Pick<Visits, 'inTurn'>;
  readonly follower: Pick<BoltFollower, 'stop'>;
  readonly bolts: GroupBolts;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Who opens, and with what. `told`: an attempt tells, or will tell, who has confirmed it. */
interface Actor {
  readonly staffId: string;
  readonly opening: Opening;
  told: boolean;
}

type Change = (to: Partial<GroupRun['locks'][number]>) => void;

export const createGroupUnlock = (options: GroupUnlockOptions): GroupUnlock => {
  const { unlocker, directory, nearby, visits, follower, bolts, clock, random, logger } = options;
  const run$ = new BehaviorSubject<GroupRun | null>(null);
  let stopper = new AbortController();
  let done: Promise<unknown> = Promise.resolve();
  let disposed = false;

  const changeOf =
    (serialNumber: string): Change =>
    (to) => {
      const run = run$.value;
      if (!run) return;
      const locks = run.locks.map((lock) => (lock.serialNumber === serialNumber ? { ...lock, ...to } : lock));
      run$.next({ ...run, locks });
    };

  const taskOf = (serialNumber: string, actor: Actor, signal: AbortSignal): GroupTask => {
    const { staffId, opening } = actor;
    const change = changeOf(serialNumber);
    let attempt: UnlockAttempt | null = null;

    const finish = async (begun: UnlockAttempt, answer: Result<Unlocked>): Promise<void> => {
      let end: UnlockEnd;
      try {
        end = await unlocker.conclude(begun, staffId, answer);
      } catch (error) {
        logger.error('unlock not recorded', { attemptId: begun.attemptId, ...describeThrown(error) });
        end = begun.state.end ?? { kind: 'unknown' };
      }
      change({ working: false, end, bolt: end.kind === 'open' ? 'open' : null });
    };

    return {
      isHeard: () => nearby.get(serialNumber) !== null,
      isCommitted: () => attempt?.committed ?? false,
      tryOnce: async ({ dueAt, makeWay, moved }) => {
        const begun = (attempt ??= unlocker.attempt(serialNumber, opening));
        actor.told = true;
        const own = new AbortController();
        const either = AbortSignal.any([signal, makeWay]);
        const forget = onAbort(either, () => {
          if (!begun.committed) own.abort();
        });
        const places = begun.state$
          .pipe(map(({ stage }) => (stage === 'find' || stage === 'connect' ? 'connecting' : 'linked')))
          .subscribe(moved);
        change({ working: true });
        const answer = await unlocker.tryOnce(begun, { staffId, dueAt, hearMs: 0, signal: own.signal });
        places.unsubscribe();
        forget();
        // What the driver still holds on to must not go on.
        own.abort();
        if (!answer.ok && makeWay.aborted && !signal.aborted && !begun.committed) {
          await unlocker.putBack(begun);
          change({ working: false });
          return 'put_back';
        }
        await finish(begun, answer);
        return 'over';
      },
      end: async (why) => {
        const cancelled: AppError = { code: 'lock.cancelled', params: { serialNumber } };
        // Where nothing was tried, somebody has confirmed it all the same.
        if (attempt === null && opening.approver && !actor.told) {
          actor.told = true;
          attempt = unlocker.attempt(serialNumber, opening);
        }
        if (attempt === null) {
          change({ end: { kind: 'not_open', error: cancelled } });
          return;
        }
        const error = why === 'stopped' ? cancelled : timeoutIn(attempt.state.stage, serialNumber);
        await finish(attempt, { ok: false, error });
      },
    };
  };

  const openAll = async (locks: GroupRun['locks'], actor: Actor, signal: AbortSignal): Promise<void> => {
    run$.next({ runId: random.uuid(), over: false, locks });
    await runSchedule({
      clock,
      signal,
      hearMs,
      eachMs: attemptMs,
      heard$: nearby.nearby$,
      tasks: locks.map(({ serialNumber }) => taskOf(serialNumber, actor, signal)),
    });
    if (run$.value) run$.next({ ...run$.value, over: true });
  };

  const boltIs: GroupUnlock['boltIs'] = (serialNumber, bolt) => {
    const lock = run$.value?.locks.find((one) => one.serialNumber === serialNumber);
    if (lock?.end) changeOf(serialNumber)({ bolt });
  };

  const followOpened = (): void => {
    const opened = (run$.value?.locks ?? []).flatMap(({ serialNumber, end }) =>
      end?.kind === 'open' ? [{ serialNumber, until: end.until }] : [],
    );
    if (!disposed) bolts.follow(opened, boltIs);
  };

  return {
    run$: run$.asObservable(),
    unlock: (serialNumbers, staffId, signal, bring) =>
      visits.inTurn('person', serialNumbers[0] ?? '', async () => {
        follower.stop();
        bolts.stop();
        const opening = bring ? await bring() : ok(plainGroupOpening);
        if (!opening.ok) return opening;
        stopper = new AbortController();
        const either = AbortSignal.any([signal, stopper.signal]);
        const locks = [...new Set(serialNumbers)].map((serialNumber) => ({
          serialNumber,
          name: directory.lock(serialNumber)?.name ?? serialNumber,
          working: false,
          end: null,
          bolt: null,
        }));
        const ended = openAll(locks, { staffId, opening: opening.value, told: false }, either).finally(
          followOpened,
        );
        done = ended.catch(() => undefined);
        await ended;
        return run$.value ? ok(run$.value) : fail('internal.unexpected');
      }),
    stop: (runId) => {
      if (run$.value?.runId === runId) stopper.abort();
    },
    stopAny: () => {
      bolts.stop();
      stopper.abort();
    },
    boltIs,
    dispose: async () => {
      disposed = true;
      stopper.abort();
      bolts.stop();
      await done;
      run$.complete();
    },
  };
};
