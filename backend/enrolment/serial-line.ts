/**
 * Who gets a serial number (ADR 0011). What is proven, or vouched for by an operator, comes before what a kiosk merely says; what
 * nobody has borne out gives way to others after a while. Here an enrolment takes its place; `serial-steps.ts` moves the line.
 */
import { sql } from 'kysely';
import { outboxChannel } from '../store/change-hub.ts';
import type { Tx } from '../store/database.ts';
import { openCallsOf } from './attempts.ts';
import {
  claimSerial,
  makeFirm,
  releaseSerial,
  submitRegistration,
  withdrawRegistration,
  type ClaimOf,
} from './claims.ts';
import { holderOf } from './serial-holder.ts';

/** Of one kiosk, that are not firm and whose registration is under way. More of its enrolments wait. */
export const mostUnproven = 50;
/** Of one kind (firm or not) for one serial number: so that nobody fills the line for all others. */
const mostWaiting = { kiosk: 1, store: 4, all: 40 } as const;

export interface Applicant extends ClaimOf {
  readonly kioskId: string;
  readonly isFirm: boolean;
  /** An operator vouches that the lock is this store's, whoever has registered it. */
  readonly adopts: boolean;
}

/** `held`: its registration is handed to the worker; `waits`: it gets there by itself; `taken`: it is another's. */
export type PlaceInLine = 'held' | 'waits' | 'taken';

/** Called holding the counter of the applicant's store, for an enrolment that is `submitted` from now on unless it is `taken`. */
export const applyForSerial = async (tx: Tx, applicant: Applicant, now: number): Promise<PlaceInLine> => {
  const { isFirm, adopts, enrolmentId } = applicant;
  const holder = await holderOf(tx, applicant);
  if (holder?.enrolmentId === enrolmentId) {
    if (isFirm) await makeFirm(tx, applicant);
    await submitRegistration(tx, applicant, now, { adopts });
    return 'held';
  }
  if (holder?.isFirm) return 'taken';
  const mayClaim = !holder && (await isNext(tx, applicant));
  if (mayClaim && (await claimSerial(tx, applicant, { isFirm, now }))) {
    await submitRegistration(tx, applicant, now, { adopts });
    return 'held';
  }
  if (await isLineOfSerialFull(tx, applicant)) return 'taken';
  await joinLine(tx, applicant, now);
  return 'waits';
};

export const joinLine = async (tx: Tx, applicant: Applicant, since: number): Promise<void> => {
  await tx
    .insertInto('serial_waits')
    .values({
      tenant_id: applicant.tenantId,
      store_id: applicant.storeId,
      enrolment_id: applicant.enrolmentId,
      serial_number: applicant.serialNumber,
      kiosk_id: applicant.kioskId,
      is_firm: applicant.isFirm,
      adopts: applicant.adopts,
      since,
    })
    .execute();
  await sql`SELECT pg_notify(${outboxChannel}, '')`.execute(tx);
};

/** False where it did not wait. */
export const leaveLine = async (tx: Tx, { tenantId, storeId, enrolmentId }: ClaimOf): Promise<boolean> => {
  const left = await tx
    .deleteFrom('serial_waits')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('enrolment_id', '=', enrolmentId)
    .returning('enrolment_id')
    .executeTakeFirst();
  return left !== undefined;
};

/**
 * The vendor has registered the lock for it: the serial number is its own, also where that is heard so late that an operator has
 * ended it since, and another claims. Who claims waits then, and comes to an end as all who wait for what is another's.
 */
export const holdForGood = async (tx: Tx, claim: ClaimOf, now: number): Promise<void> => {
  const holder = await holderOf(tx, claim);
  if (holder && holder.enrolmentId !== claim.enrolmentId) {
    const { storeId, enrolmentId, kioskId } = holder;
    const other = { tenantId: claim.tenantId, serialNumber: claim.serialNumber, storeId, enrolmentId };
    const isWithdrawn = holder.state === 'submitted' && (await withdrawRegistration(tx, other));
    if (isWithdrawn && kioskId !== null) {
      await joinLine(tx, { ...other, kioskId, isFirm: false, adopts: false }, now);
    }
    await releaseSerial(tx, other);
  }
  await leaveLine(tx, claim);
  await claimSerial(tx, claim, { isFirm: true, now });
  await makeFirm(tx, claim);
};

/** Takes back what is submitted. False where the vendor may have seen it: then nothing is changed. */
export const withdraw = async (tx: Tx, claim: ClaimOf): Promise<boolean> => {
  if (await withdrawRegistration(tx, claim)) return true;
  return !(await openCallsOf(tx, claim)) && (await leaveLine(tx, claim));
};

/** Exact: whatever claims for a kiosk holds the counter of its store. */
export const hasMostUnproven = async (tx: Tx, kiosk: KioskOf): Promise<boolean> => {
  const { rows } = await sql<{ has: boolean }>`SELECT ${claimsOf(kiosk)} >= ${mostUnproven} AS has`.execute(
    tx,
  );
  return rows[0]?.has ?? false;
};

type KioskOf = Pick<Applicant, 'tenantId' | 'storeId' | 'kioskId'>;

const claimsOf = ({ tenantId, storeId, kioskId }: KioskOf) => sql`
  (SELECT count(*) FROM (${unprovenClaims(tenantId)} AND c.store_id = ${storeId} AND e.kiosk_id = ${kioskId}) AS of_kiosk)`;

/** Those that count for `mostUnproven`, with their `kiosk_id`. */
export const unprovenClaims = (tenantId: string) => sql`
  SELECT e.kiosk_id FROM serial_claims c
  JOIN outbox USING (tenant_id, serial_number, enrolment_id)
  JOIN enrolments e USING (tenant_id, enrolment_id)
  WHERE c.tenant_id = ${tenantId} AND e.store_id = c.store_id AND NOT c.is_firm`;

/** Nobody waits for it, and its kiosk may claim one more. */
const isNext = async (tx: Tx, applicant: Applicant): Promise<boolean> => {
  const { tenantId, serialNumber, isFirm } = applicant;
  const { rows } = await sql<{ isNext: boolean }>`
    SELECT NOT EXISTS (SELECT FROM serial_waits WHERE tenant_id = ${tenantId} AND serial_number = ${serialNumber})
      AND (${isFirm} OR ${claimsOf(applicant)} < ${mostUnproven}) AS "isNext"`.execute(tx);
  return rows[0]?.isNext ?? false;
};

const isLineOfSerialFull = async (tx: Tx, applicant: Applicant): Promise<boolean> => {
  const { tenantId, storeId, serialNumber, kioskId, isFirm } = applicant;
  const { rows } = await sql<{ all: number; store: number; kiosk: number }>`
    SELECT count(*) AS all, count(*) FILTER (WHERE store_id = ${storeId}) AS store,
      count(*) FILTER (WHERE store_id = ${storeId} AND kiosk_id = ${kioskId}) AS kiosk
    FROM serial_waits
    WHERE tenant_id = ${tenantId} AND serial_number = ${serialNumber} AND is_firm = ${isFirm}`.execute(tx);
  const { all, store, kiosk } = rows[0] ?? { all: 0, store: 0, kiosk: 0 };
  return all >= mostWaiting.all || store >= mostWaiting.store || kiosk >= mostWaiting.kiosk;
};
