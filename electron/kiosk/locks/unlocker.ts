/**
 * What every attempt to open a lock consists of, whether a person waits for one lock or for fifty: a try, or several, of
 * which none begins before the attempt is written down, and one end, which is judged and recorded once.
 */
import { inTime } from '#shared/flow/in-time.ts';
import { fail, type AppError, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { AccessEvent, Circumstances, UnlockStage } from '#shared/models/access-event.ts';
import { actorHash } from '../journal/actor-hash.ts';
import type { Journal } from '../journal/journal.ts';
import type { LockDriver, Unlocked } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { createAttempt, type UnlockAttempt } from './attempt.ts';
import type { LockConcerns } from './concerns.ts';
import { judgeUnlock, timeoutIn } from './judge-unlock.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import { mayOpenFor } from '../visit/rights.ts';
import type { Visits } from '../visit/visit.ts';
import type { Judge } from '../staff/judge.ts';
import { duressOf, type Opening } from '../staff/opening.ts';
import type { Waits } from '../staff/waits.ts';
import { createStageMedians } from './stage-medians.ts';
import type { UnlockIntents } from './unlock-intents.ts';

/** Milliseconds that an attempt is given, from its beginning to a named end. */
export const attemptMs = 10_000;
/** A driver that overruns its deadline is not waited for any longer than this. */
const overrunMs = 300;
const defaultHoldOpenSeconds = 5;

export interface Try {
  readonly staffId: string;
  /** On the clock's monotonic time. */
  readonly dueAt: number;
  /** Milliseconds to wait for a lock that is not heard now, where that is less than usual. */
  readonly hearMs?: number;
  /** Ends the try as `lock.cancelled` while the command has not left. */
  readonly signal: AbortSignal;
}

export interface Unlocker {
  /** A new attempt with what was brought for it; nothing happens yet. */
  attempt(serialNumber: string, opening: Opening): UnlockAttempt;
  /** Tries it. Never rejects; the answer says nothing yet about what is known. */
  tryOnce(attempt: UnlockAttempt, one: Try): Promise<Result<Unlocked>>;
  /** No command has left and none will until the next try: the attempt need not be found by a kiosk that dies now. */
  putBack(attempt: UnlockAttempt): Promise<void>;
  /** What is known after the last try; shows it, and resolves once it is recorded. */
  conclude(attempt: UnlockAttempt, staffId: string, answer: Result<Unlocked>): Promise<UnlockEnd>;
  /** Milliseconds by stage of the last successful attempts, medians; null before the first. */
  stageMedians(): AccessEvent['stageMs'] | null;
}

export interface UnlockerOptions {
  readonly driver: Pick<LockDriver, 'unlock'>;
  readonly directory: Pick<LockDirectory, 'lock' | 'readiness'>;
  readonly visits: Pick<Visits, 'meet' | 'ask'>;
  readonly judge: Pick<Judge, 'obstacle' | 'holdOpenSeconds' | 'isSet'>;
  readonly waits: Pick<Waits, 'of' | 'end'>;
  readonly intents: UnlockIntents;
  readonly journal: Pick<Journal, 'record'>;
  readonly concerns: Pick<LockConcerns, 'ended'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export const createUnlocker = (options: UnlockerOptions): Unlocker => {
  const { driver, directory, visits, judge, waits, intents, journal, concerns } = options;
  const { clock, random, logger } = options;
  const medians = createStageMedians();

  /** What the journal is told of how, with whom and why; nothing where the backend would not understand it. */
  const circumstancesOf = (
    staffId: string,
    { serialNumber, opening, method }: UnlockAttempt,
  ): { readonly circumstances?: Circumstances } => {
    const { forced = false, approver, reason, waited } = opening;
    if (!judge.isSet(staffId)) {
      // That somebody is forced can only be where the backend takes it. One word more, and Activity would tell them from others.
      const told = { ...duressOf(forced), ...(approver?.duress ? { approver } : {}) };
      return Object.keys(told).length === 0 ? {} : { circumstances: told };
    }
    const lock = directory.lock(serialNumber);
    return {
      circumstances: {
        method,
        ...duressOf(forced),
        ...(lock ? { group: lock.group } : {}),
        ...(approver ? { approver } : {}),
        ...(reason ? { reason } : {}),
        ...(waited ? { waited } : {}),
      },
    };
  };

  const waited = (serialNumber: string): Circumstances['waited'] => {
    const wait = waits.of(serialNumber);
    if (!wait) return undefined;
    return { staffId: wait.staffId, seconds: Math.floor((clock.sinceBoot() - wait.begunAt) / 1000) };
  };

  const holdOpenSecondsOf = (group: string): number =>
    judge.holdOpenSeconds(group) ??
    directory.readiness().store?.policy.holdOpenSeconds ??
    defaultHoldOpenSeconds;

  const tryUnlock = async (attempt: UnlockAttempt, one: Try): Promise<Result<Unlocked>> => {
    const { serialNumber, attemptId, opening } = attempt;
    const { staffId, dueAt, signal, ...wait } = one;
    const right = mayOpenFor((known) => judge.obstacle(staffId, known, opening));
    const lock = await visits.meet(right, { serialNumber, signal, ...wait });
    if (!lock.ok) return lock;
    const intent = await intents.begin({
      attemptId,
      serialNumber,
      staffId,
      ...circumstancesOf(staffId, attempt),
    });
    if (!intent.ok) return intent;
    const barrier = new AbortController();
    const barred: { by: AppError | null } = { by: null };
    // Time passes, and so may the person's hours: judged again with each stage, the last of which ends with the command.
    const enter = (stage: UnlockStage): void => {
      attempt.enter(stage);
      if (!attempt.committed) barred.by ??= judge.obstacle(staffId, lock.value, opening);
      if (barred.by) barrier.abort();
    };
    const either = AbortSignal.any([signal, barrier.signal]);
    const answer = await visits.ask({ ...lock.value, signal: either }, (lent) => {
      const deadlineMs = Math.max(0, dueAt - clock.monotonic());
      const command = { holdOpenSeconds: holdOpenSecondsOf(lock.value.group), actorHash: actorHash(staffId) };
      const operation = { deadlineMs, signal: either, onStage: enter, onCommitted: () => attempt.commit() };
      const unlocked = driver.unlock(serialNumber, lent, command, operation);
      return inTime({ timer: clock, ms: deadlineMs + overrunMs }, unlocked, () => ({
        ok: false,
        error: timeoutIn(attempt.state.stage, serialNumber),
      }));
    });
    return barred.by && !answer.ok && !attempt.committed ? { ok: false, error: barred.by } : answer;
  };

  return {
    attempt: (serialNumber, opening) =>
      createAttempt({
        attemptId: random.uuid(),
        serialNumber,
        opening: { ...opening, waited: waited(serialNumber) },
        lockName: directory.lock(serialNumber)?.name ?? serialNumber,
        clock,
      }),
    tryOnce: async (attempt, one) => {
      try {
        return await tryUnlock(attempt, one);
      } catch (error) {
        logger.error('unlock threw', { attemptId: attempt.attemptId, ...describeThrown(error) });
        return fail('internal.unexpected');
      }
    },
    putBack: ({ attemptId }) => intents.end(attemptId),
    conclude: async (attempt, staffId, answer) => {
      const end = judgeUnlock(answer, attempt.committed, clock.now());
      attempt.finish(end);
      const recorded = await journal.record({
        kind: eventKinds[end.kind],
        staffId,
        serialNumber: attempt.serialNumber,
        attemptId: attempt.attemptId,
        errorCode: errorCodeOf(end),
        stageMs: attempt.state.stageMs,
        ...circumstancesOf(staffId, attempt),
      });
      // Before the attempt is forgotten: a kiosk that dies now still tells the next person.
      await concerns.ended(attempt.serialNumber, end);
      await intents.end(attempt.attemptId, recorded.ok ? undefined : 'waits');
      if (end.kind === 'open') {
        medians.add(attempt.state.stageMs);
        waits.end(attempt.serialNumber);
      }
      return end;
    },
    stageMedians: () => medians.medians(),
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
