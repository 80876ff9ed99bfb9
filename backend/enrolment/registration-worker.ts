/**
 * Carries registrations to the vendor. A row of the outbox was committed before anything is sent, and stays locked for the
 * length of its call (FOR UPDATE SKIP LOCKED): one call per serial number is under way among all instances, and the death
 * of an instance frees its rows at once. The row goes away in the transaction that stores the key, so nothing is sent
 * again after a success. When an answer was lost, the next attempt is told "already registered" and reads the key instead.
 * A key that is not this lock's is not kept: it is read once more, and then a person has to look into it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { backoffMs } from '#shared/flow/backoff.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { ChangeHub } from '../store/change-hub.ts';
import type { Db, Tx } from '../store/database.ts';
import { openKeyCheck } from '../trust/key-check.ts';
import type { LiveLockApi } from '../live-lock/live-lock-api.ts';
import { closeAttempt, countAttempt } from './attempts.ts';
import { askVendor } from './ask-vendor.ts';
import type { ClaimOf } from './claims.ts';
import { firstRetryMs, lockNextDue, postpone, takeTurn } from './outbox.ts';
import { writeOutcome, type FinalOutcome } from './registration-outcome.ts';

/** Calls at the same time, per instance: each holds a database connection. */
const lanes = 4;
/** Of one store: the last lane is for another one, however long the vendor takes. */
const lanesOfOneStore = 3;
const pollMs = 5_000;
/** Two calls with the longest timeout that can be set, and some to spare. */
const longestCallMs = 60_000;
const storeAttempts = 5;
const storeRetry = { firstMs: firstRetryMs, longestMs: 16_000, chance: 1 };

export interface RegistrationWorker {
  /** Resolves once calls that are under way have ended. */
  dispose(): Promise<void>;
}

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
  /** False while the database confirms no write: no attempt is counted then, and the vendor not asked. */
  mayWrite(): boolean;
}): RegistrationWorker => {
  const { db, tenantId, platform } = ports;
  const running = new Set<Promise<void>>();
  /** The stores of the calls that are under way. */
  const calling: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  let disposed = false;

  /** Takes one due row and carries it out. False when there is none. */
  const carryOutNext = async (): Promise<boolean> => {
    const answered: Answered[] = [];
    const mine: string[] = [];
    try {
      return await db.transaction().execute(async (tx) => {
        // The vendor may take its time, and this transaction waits for it.
        await sql`SET LOCAL idle_in_transaction_session_timeout = ${sql.lit(longestCallMs)}`.execute(tx);
        const row = await lockNextDue(tx, tenantId, platform.now(), busyStores());
        if (!row) return false;
        // Lanes that looked at the same time have taken this store's share: the next look leaves it out.
        if (busyStores().includes(row.store_id)) return true;
        const claim: ClaimOf = {
          tenantId,
          storeId: row.store_id,
          enrolmentId: row.enrolment_id,
          serialNumber: row.serial_number,
        };
        mine.push(row.store_id);
        calling.push(row.store_id);
        await takeTurn(db, claim);
        const faultOf = await openKeyCheck({ db, tenantId, now: () => platform.now() }, row.serial_number);
        if (!faultOf) {
          await putOff(tx, claim, { attempts: 1, reason: 'no_intermediate', retryAfterMs: pollMs });
          return true;
        }
        const { attempts, open } = await countAttempt(db, claim, platform.now());
        const outcome = await askVendor(
          { serialNumber: row.serial_number, type: row.type, enrolmentCode: row.enrolment_code },
          { api: ports.api, faultOf, open, adopts: row.adopts, now: () => platform.now() },
        );
        if (!outcome.mayHaveRegistered) await closeAttempt(tx, claim, open);
        if (outcome.kind === 'later') {
          await putOff(tx, claim, { ...outcome, attempts });
        } else {
          answered.push({ claim, outcome });
          await store(tx, { claim, outcome });
          logOutcome({ claim, outcome });
        }
        return true;
      });
    } catch (failure) {
      // The vendor has answered but the database has not: the answer is the only copy of the key, so it is kept trying.
      for (const each of answered) await storeAgain(each);
      throw failure;
    } finally {
      for (const storeId of mine) calling.splice(calling.indexOf(storeId), 1);
    }
  };

  const busyStores = (): string[] =>
    calling.filter(
      (storeId, at) =>
        calling.indexOf(storeId) === at &&
        calling.filter((each) => each === storeId).length >= lanesOfOneStore,
    );

  const store = (tx: Tx, { claim, outcome }: Answered): Promise<void> =>
    writeOutcome(tx, claim, outcome, { atRest: ports.atRest, now: () => platform.now() });

  const logOutcome = ({ claim: { serialNumber, enrolmentId }, outcome }: Answered): void => {
    platform.logger.info('registration answered', { serialNumber, enrolmentId, outcome: outcome.kind });
    if (outcome.kind !== 'wrong_key') return;
    const { reason } = outcome;
    platform.logger.error('the vendor gave a key that does not fit its lock; not kept', {
      serialNumber,
      reason,
    });
  };

  const storeAgain = async (answered: Answered): Promise<void> => {
    for (let count = 1; count <= storeAttempts; count++) {
      try {
        await db.transaction().execute((tx) => store(tx, answered));
        return;
      } catch (failure) {
        platform.logger.warn('registration answer not stored yet', describeThrown(failure));
        await sleep(backoffMs(storeRetry, count, platform.jitter()));
      }
    }
  };

  const putOff = async (
    tx: Tx,
    claim: ClaimOf,
    why: { readonly attempts: number; readonly reason: string; readonly retryAfterMs: number | null },
  ): Promise<void> => {
    const { attempts, reason } = why;
    const waitMs = await postpone(tx, claim, why, platform);
    platform.logger.warn('registration postponed', {
      serialNumber: claim.serialNumber,
      enrolmentId: claim.enrolmentId,
      attempts,
      reason,
      waitMs,
    });
  };

  const runLane = async (): Promise<void> => {
    try {
      while (!disposed && ports.mayWrite() && (await carryOutNext()));
    } catch (failure) {
      platform.logger.warn('registration worker', describeThrown(failure));
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
