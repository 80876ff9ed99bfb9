/**
 * Carries registrations to the vendor. A row of the outbox was committed before anything is sent, and stays locked for the
 * length of its call (FOR UPDATE SKIP LOCKED): one call per serial number is under way among all instances, and the death
 * of an instance frees its rows at once. The row goes away in the transaction that stores the key, so nothing is sent
 * again after a success. When an answer was lost, the next attempt is told "already registered" and reads the key instead.
 * A key that is not this lock's is not kept: it is read once more, and then a person has to look into it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { failureFields, type BackendPorts } from '../platform/ports.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { ChangeHub } from '../store/change-hub.ts';
import type { Db, Tx } from '../store/database.ts';
import { openKeyCheck, type KeyCheck } from '../trust/key-check.ts';
import type { LiveLockApi, LockRegistration, RegisterOutcome } from '../vendor/live-lock-api.ts';
import type { ClaimOf } from './claims.ts';
import { writeOutcome, type FinalOutcome } from './registration-outcome.ts';

/** Calls at the same time, per instance: each holds a database connection. */
const lanes = 4;
const firstRetryMs = 1_000;
const longestRetryMs = 300_000;
const pollMs = 5_000;
const storeAttempts = 5;

export interface RegistrationWorker {
  /** Resolves once calls that are under way have ended. */
  dispose(): Promise<void>;
}

type Attempt =
  FinalOutcome | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs: number | null };

interface Answered {
  readonly claim: ClaimOf;
  readonly outcome: FinalOutcome;
}

export const createRegistrationWorker = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly api: LiveLockApi;
  readonly atRest: AtRest;
  readonly hub: ChangeHub;
  readonly platform: BackendPorts;
}): RegistrationWorker => {
  const { db, tenantId, platform } = ports;
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  let disposed = false;

  const attempt = async (lock: LockRegistration, faultOf: KeyCheck): Promise<Attempt> => {
    const answer = await ports.api.register(lock);
    if (answer.kind === 'refused') return answer;
    if (answer.kind === 'unknown') return { ...answer, kind: 'later' };
    const first = checked(answer, faultOf);
    if (first.kind === 'registered') return first;
    const recovered = await ports.api.recover(lock.serialNumber);
    if (recovered.kind === 'unknown') return { ...recovered, kind: 'later', retryAfterMs: null };
    // Where nothing can be read again, what is known is what came first.
    return recovered.kind === 'not_available' ? first : checked(recovered, faultOf);
  };

  /** Takes one due row and carries it out. False when there is none. */
  const carryOutNext = async (): Promise<boolean> => {
    const answered: Answered[] = [];
    try {
      return await db.transaction().execute(async (tx) => {
        const row = await lockNextDue(tx, tenantId, platform.now());
        if (!row) return false;
        const claim: ClaimOf = {
          tenantId,
          storeId: row.store_id,
          enrolmentId: row.enrolment_id,
          serialNumber: row.serial_number,
        };
        const faultOf = await openKeyCheck({ db, tenantId, now: () => platform.now() }, row.serial_number);
        if (!faultOf) {
          await postpone(tx, claim, 1, { reason: 'no_intermediate', retryAfterMs: pollMs });
          return true;
        }
        const attempts = await countAttempt(db, claim);
        const outcome = await attempt(
          { serialNumber: row.serial_number, type: row.type, enrolmentCode: row.enrolment_code },
          faultOf,
        );
        if (outcome.kind === 'later') {
          await postpone(tx, claim, attempts, outcome);
        } else {
          answered.push({ claim, outcome });
          await writeOutcome(tx, claim, outcome, { atRest: ports.atRest, now: () => platform.now() });
          platform.logger.info('registration answered', {
            serialNumber: claim.serialNumber,
            outcome: outcome.kind,
          });
          if (outcome.kind === 'wrong_key') {
            platform.logger.error('the vendor gave a key that does not fit its lock; not kept', {
              serialNumber: claim.serialNumber,
              reason: outcome.reason,
            });
          }
        }
        return true;
      });
    } catch (failure) {
      // The vendor has answered but the database has not: the answer is the only copy of the key, so it is kept trying.
      for (const each of answered) await storeAgain(each);
      throw failure;
    }
  };

  const storeAgain = async ({ claim, outcome }: Answered): Promise<void> => {
    for (let count = 1; count <= storeAttempts; count++) {
      try {
        await db
          .transaction()
          .execute((tx) =>
            writeOutcome(tx, claim, outcome, { atRest: ports.atRest, now: () => platform.now() }),
          );
        return;
      } catch (failure) {
        platform.logger.warn('registration answer not stored yet', failureFields(failure));
        await sleep(firstRetryMs * 2 ** (count - 1) * platform.jitter());
      }
    }
  };

  const postpone = async (
    tx: Tx,
    claim: ClaimOf,
    attempts: number,
    why: { readonly reason: string; readonly retryAfterMs: number | null },
  ): Promise<void> => {
    const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
    const wait = Math.max(why.retryAfterMs ?? 0, ceiling / 2 + (ceiling / 2) * platform.jitter());
    await tx
      .updateTable('outbox')
      .set({ due_at: Math.round(platform.now() + wait) })
      .where('tenant_id', '=', claim.tenantId)
      .where('serial_number', '=', claim.serialNumber)
      .execute();
    platform.logger.warn('registration postponed', {
      serialNumber: claim.serialNumber,
      attempts,
      reason: why.reason,
      waitMs: Math.round(wait),
    });
  };

  const runLane = async (): Promise<void> => {
    try {
      while (!disposed && (await carryOutNext()));
    } catch (failure) {
      platform.logger.warn('registration worker', failureFields(failure));
    }
  };

  const wake = (): void => {
    wanted = true;
    while (!disposed && running.size < lanes) {
      const lane = runLane().finally(() => {
        running.delete(lane);
        if (running.size > 0 || disposed) return;
        // What came while every lane was on its last look has not been seen by any.
        if (wanted) wake();
        else void schedule();
      });
      running.add(lane);
      wanted = false;
    }
  };

  /** Sleeps until the next row is due, and never long: a row may have been left by another instance. */
  const schedule = async (): Promise<void> => {
    const next = await db
      .selectFrom('outbox')
      .select((row) => row.fn.min('due_at').as('due_at'))
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst()
      .catch(() => undefined);
    if (disposed) return;
    clearTimeout(timer);
    // A row that is due now and was not taken is in the hands of another instance.
    const wait = (next?.due_at ?? Number.POSITIVE_INFINITY) - platform.now();
    timer = setTimeout(wake, wait <= 0 ? firstRetryMs : Math.min(wait, pollMs));
  };

  const unsubscribe = ports.hub.onOutbox(wake);
  wake();
  return {
    dispose: async () => {
      disposed = true;
      unsubscribe();
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
};

type Checked = Extract<FinalOutcome, { kind: 'registered' | 'uncertain' | 'wrong_key' }>;

/** What an answer is worth that says that the lock is registered. */
const checked = (
  answer: Exclude<RegisterOutcome, { kind: 'refused' | 'unknown' }>,
  faultOf: KeyCheck,
): Checked => {
  switch (answer.kind) {
    case 'already_registered':
      return { kind: 'uncertain' };
    case 'unreadable':
      return { kind: 'wrong_key', reason: 'unreadable' };
    case 'registered': {
      const reason = faultOf(answer.material);
      return reason === null ? answer : { kind: 'wrong_key', reason };
    }
  }
};

/**
 * The longest due row that nobody works on, locked, with what has to be sent. The lock leaves the row's key alone, so that
 * an attempt can be counted beside it.
 */
const lockNextDue = (tx: Tx, tenantId: string, now: number) =>
  tx
    .selectFrom('outbox')
    .innerJoin('enrolments', (join) =>
      join
        .onRef('enrolments.tenant_id', '=', 'outbox.tenant_id')
        .onRef('enrolments.store_id', '=', 'outbox.store_id')
        .onRef('enrolments.enrolment_id', '=', 'outbox.enrolment_id'),
    )
    .select([
      'outbox.store_id',
      'outbox.serial_number',
      'outbox.enrolment_id',
      'enrolments.type',
      'enrolments.enrolment_code',
    ])
    .where('outbox.tenant_id', '=', tenantId)
    .where('outbox.due_at', '<=', now)
    .orderBy('outbox.due_at')
    .limit(1)
    .forNoKeyUpdate('outbox')
    .skipLocked()
    .executeTakeFirst();

/**
 * Counts an attempt at a row that this instance has locked. Committed on a connection of its own before the call, so that
 * after a crash it is still known that the vendor may have seen it.
 */
const countAttempt = async (db: Db, { tenantId, serialNumber }: ClaimOf): Promise<number> => {
  const { attempts } = await db
    .insertInto('registration_attempts')
    .values({ tenant_id: tenantId, serial_number: serialNumber, attempts: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'serial_number'])
        .doUpdateSet((row) => ({ attempts: row('registration_attempts.attempts', '+', 1) })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return attempts;
};
