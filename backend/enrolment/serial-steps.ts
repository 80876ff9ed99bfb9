/**
 * Moves the line for a serial number by one step. Each step holds the counter of one store and of no other, and finds out
 * again, holding it, whether it is still to be done: so it may be done twice, by several instances, or be cut short anywhere.
 */
import { sql } from 'kysely';
import { appError } from '../platform/app-error.ts';
import type { Db } from '../store/database.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import {
  claimSerial,
  releaseSerial,
  submitRegistration,
  withdrawRegistration,
  type ClaimOf,
} from './claims.ts';
import { updateEnrolment, type EnrolmentRow } from './enrolment-row.ts';
import { holderOf } from './serial-holder.ts';
import { hasMostUnproven, joinLine, leaveLine, type Applicant } from './serial-line.ts';
import { findLineWork, findLostToOthers, type LineWork } from './serial-work.ts';

interface StepPorts {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}

/** False where nothing was done: it has been done already, or a call for the holder has begun. */
export const takeStep = async ({ db, tenantId, ...ports }: StepPorts, work: LineWork): Promise<boolean> => {
  const storeId = work.kind === 'displace' ? (work.holderStoreId ?? work.storeId) : work.storeId;
  const step = { grant, displace, dismiss, end }[work.kind];
  return (
    (await changeStore(db, tenantId, storeId, (write) => step(write, { ...work, tenantId }, ports.now()))) ??
    false
  );
};

type Step = (write: StoreWrite, work: LineWork & ClaimOf, now: number) => Promise<boolean>;

/** The serial number is free: the one that waits gets it, and is handed to the worker. */
const grant: Step = async ({ tx }, work, now) => {
  const waiting = await waitingOf({ tx }, work);
  if (!waiting) return false;
  if (!waiting.isFirm && (await hasMostUnproven(tx, waiting))) return false;
  if (!(await claimSerial(tx, waiting, { isFirm: waiting.isFirm, now }))) return false;
  await leaveLine(tx, waiting);
  await submitRegistration(tx, waiting, now, { adopts: waiting.adopts });
  return true;
};

/** The holder gives way. To what is firm it loses; else it goes to the end of the line, behind whoever has not had a turn. */
const displace: Step = async (write, { tenantId, serialNumber }, now) => {
  const { tx } = write;
  const holder = await holderOf(tx, { tenantId, serialNumber });
  const [next] = await findLineWork(tx, tenantId, { now, most: 1, only: serialNumber });
  if (!holder || next?.kind !== 'displace') return false;
  const claim: ClaimOf = { tenantId, serialNumber, storeId: holder.storeId, enrolmentId: holder.enrolmentId };
  const isForFirm = (await waitingOf(write, { ...next, tenantId }))?.isFirm ?? false;
  const isSubmitted = holder.state === 'submitted';
  if (isSubmitted && !(await withdrawRegistration(tx, claim))) return false;
  await releaseSerial(tx, claim);
  const { kioskId } = holder;
  if (kioskId !== null && !isForFirm) await countLapse(tx, { ...claim, kioskId }, now);
  // One that is uncertain stays what it is: without its serial number it can be sent again as well.
  if (!isSubmitted) return true;
  if (isForFirm || kioskId === null) await loseTo(write, claim, { reason: 'proven' }, now);
  else await joinLine(tx, { ...claim, kioskId, isFirm: false, adopts: false }, now);
  return true;
};

/** The holder gives way to nobody: the one that waits has come to nothing. */
const dismiss: Step = async (write, work, now) => {
  const holder = await holderOf(write.tx, work);
  if (!holder?.isFirm || !(await leaveLine(write.tx, work))) return false;
  await loseTo(write, work, holder.isProven ? { reason: 'proven' } : {}, now);
  return true;
};

/** As `dismiss`, for one that does not wait. */
const end: Step = async (write, work, now) => {
  const [still] = await findLostToOthers(write.tx, work.tenantId, { most: 1, only: work.enrolmentId });
  const holder = await holderOf(write.tx, work);
  if (!still || !holder) return false;
  await loseTo(write, work, holder.isProven ? { reason: 'proven' } : {}, now);
  return true;
};

const waitingOf = async (
  { tx }: Pick<StoreWrite, 'tx'>,
  { tenantId, storeId, enrolmentId, serialNumber }: ClaimOf,
): Promise<Applicant | null> => {
  const row = await tx
    .selectFrom('serial_waits')
    .select(['kiosk_id', 'is_firm', 'adopts'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('enrolment_id', '=', enrolmentId)
    .executeTakeFirst();
  if (!row) return null;
  const claim = { tenantId, storeId, enrolmentId, serialNumber };
  return { ...claim, kioskId: row.kiosk_id, isFirm: row.is_firm, adopts: row.adopts };
};

const loseTo = (
  write: StoreWrite,
  { tenantId, storeId, enrolmentId, serialNumber }: ClaimOf,
  why: { readonly reason?: 'proven' },
  changedAt: number,
): Promise<EnrolmentRow> =>
  updateEnrolment(
    write,
    { tenant_id: tenantId, store_id: storeId, enrolment_id: enrolmentId },
    {
      state: 'conflicted',
      problem: appError('enrolment.other_kiosk', { serialNumber, ...why }),
      changedAt,
    },
  );

const countLapse = async (
  tx: StoreWrite['tx'],
  { tenantId, storeId, serialNumber, kioskId }: ClaimOf & { readonly kioskId: string },
  now: number,
): Promise<void> => {
  await sql`
    INSERT INTO serial_lapses (tenant_id, store_id, serial_number, kiosk_id, lapses, last_at)
    VALUES (${tenantId}, ${storeId}, ${serialNumber}, ${kioskId}, 1, ${now})
    ON CONFLICT (tenant_id, serial_number, store_id, kiosk_id)
    DO UPDATE SET lapses = serial_lapses.lapses + 1, last_at = ${now}`.execute(tx);
};
