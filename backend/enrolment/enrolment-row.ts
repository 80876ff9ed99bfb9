import type { Selectable } from 'kysely';
import type { AppError } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument, EnrolmentState } from '#shared/models/enrolment.ts';
import { datedNow } from '../store/steady-time.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { Tables } from '../store/tables.ts';

export type EnrolmentRow = Selectable<Tables['enrolments']>;

export const toEnrolment = (row: EnrolmentRow): EnrolmentDocument => ({
  enrolmentId: row.enrolment_id,
  serialNumber: row.serial_number,
  state: row.state,
  problem: row.problem,
  type: row.type,
  name: row.name,
  group: row.group_name,
  enrolmentCode: row.enrolment_code,
  deviceCertificate: row.device_certificate,
  proof: row.proof,
  ...(row.replaces === null ? {} : { replaces: row.replaces }),
  kioskId: row.kiosk_id,
  staffId: row.staff_id,
  capturedAt: row.captured_at,
  changedAt: row.changed_at,
  operationId: row.operation_id,
  version: row.version,
});

export interface EnrolmentChange {
  readonly state: EnrolmentState;
  readonly problem?: AppError;
  /** ms since the epoch, by the backend's clock; written as no earlier than the steady time. */
  readonly changedAt: number;
  /** Left out when the backend changes it: the kiosk's last operation stays recognisable. */
  readonly operationId?: string;
}

/** Writes the change under a new version and gives the whole row back. */
export const updateEnrolment = (
  { tx, nextVersion }: StoreWrite,
  row: Pick<EnrolmentRow, 'tenant_id' | 'store_id' | 'enrolment_id'>,
  change: EnrolmentChange,
): Promise<EnrolmentRow> =>
  tx
    .updateTable('enrolments')
    .set({
      state: change.state,
      problem: change.problem ? JSON.stringify(change.problem) : null,
      changed_at: datedNow(row.tenant_id, change.changedAt),
      version: nextVersion(),
      ...(change.operationId === undefined ? {} : { operation_id: change.operationId }),
    })
    .where('tenant_id', '=', row.tenant_id)
    .where('store_id', '=', row.store_id)
    .where('enrolment_id', '=', row.enrolment_id)
    .returningAll()
    .executeTakeFirstOrThrow();
