/** The outbox's rows: which is next, how often it was tried, when it is tried again. */
import type { BackendPorts } from '../platform/ports.ts';
import type { Db, Tx } from '../store/database.ts';
import type { ClaimOf } from './claims.ts';

export const firstRetryMs = 1_000;
const longestRetryMs = 300_000;
/** Longer than anything is ever put off: what is due later than that was put off by a clock that was wrong. */
const longestWaitMs = 3_600_000;

/**
 * The longest due row that nobody works on, locked, with what has to be sent. The lock leaves the row's key alone, so that
 * an attempt can be counted beside it.
 */
export const lockNextDue = (tx: Tx, tenantId: string, now: number) =>
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
    .where((row) => row.or([row('outbox.due_at', '<=', now), row('outbox.due_at', '>', now + longestWaitMs)]))
    .orderBy('outbox.due_at')
    .limit(1)
    .forNoKeyUpdate('outbox')
    .skipLocked()
    .executeTakeFirst();

/**
 * Counts an attempt at a row that this instance has locked. Committed on a connection of its own before the call, so that
 * after a crash it is still known that the vendor may have seen it.
 */
export const countAttempt = async (db: Db, { tenantId, serialNumber }: ClaimOf): Promise<number> => {
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

/** Puts a row off, longer with each attempt, and at least for as long as the vendor asks. Tells how long, in ms. */
export const postpone = async (
  tx: Tx,
  { tenantId, serialNumber }: ClaimOf,
  { attempts, retryAfterMs }: { readonly attempts: number; readonly retryAfterMs: number | null },
  platform: BackendPorts,
): Promise<number> => {
  const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  const waitMs = Math.round(Math.max(retryAfterMs ?? 0, ceiling / 2 + (ceiling / 2) * platform.jitter()));
  await tx
    .updateTable('outbox')
    .set({ due_at: Math.round(platform.now() + waitMs) })
    .where('tenant_id', '=', tenantId)
    .where('serial_number', '=', serialNumber)
    .execute();
  return waitMs;
};
