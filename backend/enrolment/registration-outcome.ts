/** Writes what the vendor said about a registration: enrolment, lock, key and outbox change together or not at all. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { KeyMaterial } from '#shared/models/documents.ts';
import type { KeyFault } from '../trust/judge.ts';
import { spareColumns, inPlace, isToReplace } from '../places/occupancy.ts';
import type { AtRest } from '../keys/at-rest.ts';
import { appError } from '../platform/app-error.ts';
import type { Tx } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { forgetAttempts } from './attempts.ts';
import { type ClaimOf, dropRegistration, releaseSerial, tellLine } from './claims.ts';
import { holdForGood } from './serial-line.ts';
import { updateEnrolment, type EnrolmentRow } from './enrolment-row.ts';

export type FinalOutcome =
  | { readonly kind: 'registered'; readonly material: KeyMaterial }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Registered already: not by this enrolment, or the vendor has no call that reads it again. */
  | { readonly kind: 'uncertain'; readonly reason: 'other_registration' | 'not_readable' }
  /** The lock is registered, and what the vendor gives as its key is not that. */
  | { readonly kind: 'wrong_key'; readonly reason: WrongKey };

export type WrongKey = KeyFault | 'unreadable';

/** The context under which a Key Certificate is encrypted: it opens for this lock of this tenant only. */
export const keyContext = (tenantId: string, serialNumber: string): string =>
  `key ${tenantId} ${serialNumber}`;

/**
 * Does nothing when another attempt has written an outcome already, but for a key: what another attempt was only told ("already
 * registered") is no reason to throw it away. The outbox's row is taken before the store's counter, as a lane that calls has
 * done: whoever waits for a call that is under way holds up no store.
 */
export const writeOutcome = async (
  tx: Tx,
  claim: ClaimOf,
  outcome: FinalOutcome,
  ports: { readonly atRest: AtRest; now(): number },
): Promise<void> => {
  await dropRegistration(tx, claim);
  await writeStore(tx, claim.tenantId, claim.storeId, async (write) => {
    const held = await tx
      .selectFrom('enrolments')
      .selectAll()
      .where('tenant_id', '=', claim.tenantId)
      .where('store_id', '=', claim.storeId)
      .where('enrolment_id', '=', claim.enrolmentId)
      .executeTakeFirst();
    const isOpen =
      held?.state === 'submitted' || (held?.state === 'uncertain' && outcome.kind === 'registered');
    if (!held || !isOpen) return;
    if (outcome.kind === 'registered') {
      await storeLock(write, held, outcome.material, ports);
      await forgetAttempts(tx, claim);
      await holdForGood(tx, claim, ports.now());
    }
    // A refused one gives the serial number free; an uncertain one keeps it, because the vendor has it registered.
    if (outcome.kind === 'refused') await releaseSerial(tx, claim);
    else await tellLine(tx, claim);
    const problem = problemOf(outcome, claim.serialNumber);
    await updateEnrolment(write, held, {
      state: outcome.kind === 'wrong_key' ? 'uncertain' : outcome.kind,
      changedAt: ports.now(),
      ...(problem ? { problem } : {}),
    });
  });
};

const problemOf = (outcome: FinalOutcome, serialNumber: string): AppError | null => {
  switch (outcome.kind) {
    case 'registered':
      return null;
    case 'refused':
      return appError('enrolment.vendor_refused', { serialNumber, reason: outcome.reason });
    case 'uncertain':
      return appError('enrolment.already_registered', { serialNumber, reason: outcome.reason });
    case 'wrong_key':
      return appError('enrolment.wrong_key', { serialNumber, reason: outcome.reason });
  }
};

const storeLock = async (
  { tx, nextVersion }: StoreWrite,
  enrolment: EnrolmentRow,
  material: KeyMaterial,
  ports: { readonly atRest: AtRest; now(): number },
): Promise<void> => {
  const key = {
    tenant_id: enrolment.tenant_id,
    store_id: enrolment.store_id,
    serial_number: enrolment.serial_number,
  };
  const named = {
    tenantId: enrolment.tenant_id,
    storeId: enrolment.store_id,
    serialNumber: enrolment.serial_number,
  };
  const naming = { name: enrolment.name, group: enrolment.group_name };
  const lock = {
    type: enrolment.type,
    ...((await isToReplace(tx, named, enrolment.replaces))
      ? spareColumns(named, naming.group)
      : await inPlace(tx, named, naming, ports.now())),
    device_certificate: enrolment.device_certificate,
    version: nextVersion(),
    deleted: false,
  };
  await tx
    .insertInto('locks')
    .values({ ...key, ...lock })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'serial_number']).doUpdateSet(lock))
    .execute();
  const certificate = {
    encrypted: ports.atRest.encrypt(
      Buffer.from(JSON.stringify(material)),
      keyContext(enrolment.tenant_id, enrolment.serial_number),
    ),
    version: nextVersion(),
    deleted: false,
  };
  await tx
    .insertInto('key_certificates')
    .values({ ...key, ...certificate })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'store_id', 'serial_number']).doUpdateSet(certificate),
    )
    .execute();
};
