/**
 * Exactly one enrolment of the tenant holds a serial number, whatever the number of kiosks, stores and retries. Who may hold it,
 * and who waits for it, is decided in `serial-line.ts`.
 */
import { sql } from 'kysely';
import { outboxChannel } from '../store/change-hub.ts';
import type { Tx } from '../store/database.ts';
import { beginAttemptsAnew, openCallsOf } from './attempts.ts';

export interface ClaimOf {
  readonly tenantId: string;
  readonly storeId: string;
  readonly enrolmentId: string;
  readonly serialNumber: string;
}

/** True when this enrolment holds the serial number now. Waits for a competing transaction to end. */
export const claimSerial = async (
  tx: Tx,
  claim: ClaimOf,
  { isFirm, now }: { readonly isFirm: boolean; readonly now: number },
): Promise<boolean> => {
  await tx
    .insertInto('serial_claims')
    .values({
      tenant_id: claim.tenantId,
      serial_number: claim.serialNumber,
      store_id: claim.storeId,
      enrolment_id: claim.enrolmentId,
      is_firm: isFirm,
      claimed_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const holder = await tx
    .selectFrom('serial_claims')
    .select('enrolment_id')
    .where('tenant_id', '=', claim.tenantId)
    .where('serial_number', '=', claim.serialNumber)
    .executeTakeFirst();
  return holder?.enrolment_id === claim.enrolmentId;
};

export const releaseSerial = async (tx: Tx, claim: ClaimOf): Promise<void> => {
  await tx
    .deleteFrom('serial_claims')
    .where('tenant_id', '=', claim.tenantId)
    .where('serial_number', '=', claim.serialNumber)
    .where('enrolment_id', '=', claim.enrolmentId)
    .execute();
  await tellLine(tx, claim);
};

/** From now on it gives way to nobody. */
export const makeFirm = async (tx: Tx, claim: ClaimOf): Promise<void> => {
  await tx
    .updateTable('serial_claims')
    .set({ is_firm: true })
    .where('tenant_id', '=', claim.tenantId)
    .where('serial_number', '=', claim.serialNumber)
    .where('enrolment_id', '=', claim.enrolmentId)
    .execute();
};

/** Wakes whoever looks after the line, once this is committed, where somebody waits that it may concern. */
export const tellLine = async (
  tx: Tx,
  { tenantId, storeId, serialNumber }: Pick<ClaimOf, 'tenantId' | 'storeId' | 'serialNumber'>,
): Promise<void> => {
  await sql`SELECT pg_notify(${outboxChannel}, '') WHERE EXISTS (
    SELECT FROM serial_waits WHERE tenant_id = ${tenantId}
      AND (serial_number = ${serialNumber} OR store_id = ${storeId}))`.execute(tx);
};

/**
 * Hands the registration to the worker: from the commit on it is carried out, whatever dies. `adopts`: a person vouches that
 * the lock is this store's, whoever has registered it.
 */
export const submitRegistration = async (
  tx: Tx,
  claim: ClaimOf,
  now: number,
  { adopts }: { readonly adopts: boolean } = { adopts: false },
): Promise<void> => {
  await beginAttemptsAnew(tx, claim);
  await tx
    .insertInto('outbox')
    .values({
      tenant_id: claim.tenantId,
      store_id: claim.storeId,
      serial_number: claim.serialNumber,
      enrolment_id: claim.enrolmentId,
      due_at: now,
      adopts,
    })
    .execute();
  await sql`SELECT pg_notify(${outboxChannel}, '')`.execute(tx);
};

/** Ends a registration, whatever may have reached the vendor. False while a call for it is under way. */
export const endRegistration = async (tx: Tx, claim: ClaimOf): Promise<boolean> => {
  if (!(await lockRegistration(tx, claim))) return false;
  await dropRegistration(tx, claim);
  return true;
};

/** Takes a registration back. False when a call for it is under way, or may have reached the vendor. */
export const withdrawRegistration = async (tx: Tx, claim: ClaimOf): Promise<boolean> => {
  const isFree = await lockRegistration(tx, claim);
  // Read only now: a call that has just ended has left its mark.
  if (!isFree || (await openCallsOf(tx, claim))) return false;
  await dropRegistration(tx, claim);
  return true;
};

/** False where there is none, or a call for it is under way. */
const lockRegistration = async (tx: Tx, claim: ClaimOf): Promise<boolean> => {
  const row = await tx
    .selectFrom('outbox')
    .select('serial_number')
    .where('tenant_id', '=', claim.tenantId)
    .where('serial_number', '=', claim.serialNumber)
    .where('enrolment_id', '=', claim.enrolmentId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
};

/** Takes it out of the outbox. */
export const dropRegistration = async (tx: Tx, claim: ClaimOf): Promise<void> => {
  await tx
    .deleteFrom('outbox')
    .where('tenant_id', '=', claim.tenantId)
    .where('serial_number', '=', claim.serialNumber)
    .where('enrolment_id', '=', claim.enrolmentId)
    .execute();
};
