/**
 * What was sent to the vendor for an enrolment. "Already registered" is an answer to this enrolment only where something went
 * out for it before whose own answer is not here.
 */
import type { Db, Tx } from '../store/database.ts';

/** Times of the first and last call, ms since the epoch, that the vendor may have carried out unheard. */
export interface OpenCalls {
  readonly from: number;
  readonly until: number;
}

interface EnrolmentKey {
  readonly tenantId: string;
  readonly storeId: string;
  readonly enrolmentId: string;
}

const rowOf = (db: Db | Tx, { tenantId, storeId, enrolmentId }: EnrolmentKey) =>
  db
    .selectFrom('registration_attempts')
    .select(['attempts', 'open_from', 'open_until'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('enrolment_id', '=', enrolmentId)
    .executeTakeFirst();

/** Null: nothing of it can be registered without this backend knowing. */
export const openCallsOf = async (db: Db | Tx, enrolment: EnrolmentKey): Promise<OpenCalls | null> => {
  const row = await rowOf(db, enrolment);
  return row && row.open_from !== null && row.open_until !== null
    ? { from: row.open_from, until: row.open_until }
    : null;
};

export interface CountedAttempt {
  readonly attempts: number;
  /** Before this one. */
  readonly open: OpenCalls | null;
}

/**
 * Counts an attempt at a registration that this instance has locked. Committed on a connection of its own before the call, so
 * that after a crash it is still known that the vendor may have seen it.
 */
export const countAttempt = async (db: Db, enrolment: EnrolmentKey, now: number): Promise<CountedAttempt> => {
  const open = await openCallsOf(db, enrolment);
  const { attempts } = await db
    .insertInto('registration_attempts')
    .values({ ...keyOf(enrolment), attempts: 1, open_from: now, open_until: now })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'store_id', 'enrolment_id']).doUpdateSet((row) => ({
        attempts: row('registration_attempts.attempts', '+', 1),
        open_from: open?.from ?? now,
        open_until: now,
      })),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return { attempts, open };
};

/** The call that was counted last was answered, and has registered nothing: what was open before it is what is open. */
export const closeAttempt = async (
  tx: Tx,
  enrolment: EnrolmentKey,
  before: OpenCalls | null,
): Promise<void> => {
  await tx
    .updateTable('registration_attempts')
    .set({ open_from: before?.from ?? null, open_until: before?.until ?? null })
    .where('tenant_id', '=', enrolment.tenantId)
    .where('store_id', '=', enrolment.storeId)
    .where('enrolment_id', '=', enrolment.enrolmentId)
    .execute();
};

/** Submitted again: it is tried at once, and what may be registered stays known. */
export const beginAttemptsAnew = async (tx: Tx, enrolment: EnrolmentKey): Promise<void> => {
  await tx
    .updateTable('registration_attempts')
    .set({ attempts: 0 })
    .where('tenant_id', '=', enrolment.tenantId)
    .where('store_id', '=', enrolment.storeId)
    .where('enrolment_id', '=', enrolment.enrolmentId)
    .execute();
};

export const forgetAttempts = async (tx: Tx, enrolment: EnrolmentKey): Promise<void> => {
  await tx
    .deleteFrom('registration_attempts')
    .where('tenant_id', '=', enrolment.tenantId)
    .where('store_id', '=', enrolment.storeId)
    .where('enrolment_id', '=', enrolment.enrolmentId)
    .execute();
};

const keyOf = ({ tenantId, storeId, enrolmentId }: EnrolmentKey) => ({
  tenant_id: tenantId,
  store_id: storeId,
  enrolment_id: enrolmentId,
});
