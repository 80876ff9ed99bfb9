/** What an operator does to enrolments: import locks of an inventory, resolve what the vendor left unclear. */
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import { endRegistration, releaseSerial } from '../enrolment/claims.ts';
import { updateEnrolment } from '../enrolment/enrolment-row.ts';
import { findImport } from '../enrolment/find-import.ts';
import { applyForSerial, leaveLine, type Applicant } from '../enrolment/serial-line.ts';
import { appError } from '../platform/app-error.ts';
import type { Db } from '../store/database.ts';
import { datedNow } from '../store/steady-time.ts';
import { changeStore } from '../store/store-write.ts';
import type { ImportLock } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';

export interface AcceptedEnrolment {
  readonly enrolmentId: string;
  readonly state: EnrolmentState;
}

export interface EnrolmentAdmin {
  /**
   * Registers a lock for a store through the same outbox as a kiosk's enrolments; `ok` once that is durable. Repeating is
   * harmless. What a kiosk claims without proof gives way to it. Fails with `enrolment.other_kiosk` when another enrolment has
   * the serial number for good, `enrolment.not_found` when there is no such store.
   */
  importLock(storeId: string, lock: ImportLock, note: NoteAct): Promise<Result<AcceptedEnrolment>>;
  /**
   * Fails with `enrolment.not_found`, or `enrolment.wrong_state` unless it is uncertain or refused; one that is submitted can
   * be refused while no call for it is under way, and while it waits for its serial number. `adopt`: the operator vouches that the lock is this store's, and the key of
   * a registration that others have made is read; only of an uncertain one.
   */
  resolve(
    enrolmentId: string,
    action: 'retry' | 'adopt' | 'refuse',
    note: NoteAct,
  ): Promise<Result<AcceptedEnrolment>>;
}

/** Imports have no kiosk and no staff member. */
const nobody = '00000000-0000-0000-0000-000000000000';

export const createEnrolmentAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): EnrolmentAdmin => {
  const { db, tenantId } = ports;
  return {
    importLock: async (storeId, lock, note) => {
      const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
        const { serialNumber } = lock;
        const held = await findImport(tx, { tenantId, storeId, serialNumber });
        if (held) return ok(held);
        const enrolmentId = randomUUID();
        const claim = { tenantId, storeId, enrolmentId, serialNumber };
        const applicant: Applicant = { ...claim, kioskId: nobody, isFirm: true, adopts: false };
        const now = ports.now();
        if ((await applyForSerial(tx, applicant, now)) === 'taken') {
          return fail('enrolment.other_kiosk', { serialNumber });
        }
        await tx
          .insertInto('enrolments')
          .values({
            tenant_id: tenantId,
            store_id: storeId,
            enrolment_id: enrolmentId,
            origin: 'import',
            serial_number: serialNumber,
            state: 'submitted',
            problem: null,
            type: lock.type,
            name: lock.name,
            group_name: lock.group,
            enrolment_code: lock.enrolmentCode,
            device_certificate: lock.deviceCertificate,
            kiosk_id: nobody,
            staff_id: nobody,
            captured_at: now,
            changed_at: datedNow(tenantId, now),
            operation_id: randomUUID(),
            version: nextVersion(),
          })
          .execute();
        await note(tx);
        return ok({ enrolmentId, state: 'submitted' as const });
      });
      return done ?? fail('enrolment.not_found');
    },

    resolve: async (enrolmentId, action, note) => {
      const found = await db
        .selectFrom('enrolments')
        .select('store_id')
        .where('tenant_id', '=', tenantId)
        .where('enrolment_id', '=', enrolmentId)
        .where('deleted', '=', false)
        .executeTakeFirst();
      if (!found) return fail('enrolment.not_found');
      const done = await changeStore(db, tenantId, found.store_id, async (write) => {
        const held = await write.tx
          .selectFrom('enrolments')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', found.store_id)
          .where('enrolment_id', '=', enrolmentId)
          .where('deleted', '=', false)
          .executeTakeFirst();
        if (!held) return fail('enrolment.not_found');
        const serialNumber = held.serial_number;
        const adopts = action === 'adopt';
        const claim: Applicant = {
          tenantId,
          storeId: held.store_id,
          enrolmentId,
          serialNumber,
          kioskId: held.kiosk_id,
          adopts,
          isFirm: adopts || held.proof !== null || held.origin === 'import',
        };
        // One that the vendor never answers for good would keep its serial number for ever.
        const isEnded = async () =>
          (await leaveLine(write.tx, claim)) || (await endRegistration(write.tx, claim));
        const isOpen =
          held.state === 'uncertain' ||
          (held.state === 'refused' && action !== 'adopt') ||
          (held.state === 'submitted' && action === 'refuse' && (await isEnded()));
        if (!isOpen) return fail('enrolment.wrong_state', { state: held.state });
        const changedAt = ports.now();
        if (action === 'refuse') {
          await releaseSerial(write.tx, claim);
          const problem = appError('enrolment.vendor_refused', { serialNumber, reason: 'operator' });
          const row = await updateEnrolment(write, held, { state: 'refused', problem, changedAt });
          await note(write.tx);
          return ok({ enrolmentId, state: row.state });
        }
        if ((await applyForSerial(write.tx, claim, changedAt)) === 'taken') {
          return fail('enrolment.other_kiosk', { serialNumber });
        }
        const row = await updateEnrolment(write, held, { state: 'submitted', changedAt });
        await note(write.tx);
        return ok({ enrolmentId, state: row.state });
      });
      return done ?? fail('enrolment.not_found');
    },
  };
};
