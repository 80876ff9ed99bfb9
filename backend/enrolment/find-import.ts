import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { Tx } from '../store/database.ts';

/** This store's import of a lock that holds the serial number, or waits for it; null where there is none. */
export const findImport = async (
  tx: Tx,
  {
    tenantId,
    storeId,
    serialNumber,
  }: { readonly tenantId: string; readonly storeId: string; readonly serialNumber: string },
): Promise<{ readonly enrolmentId: string; readonly state: EnrolmentState } | null> => {
  const row = await tx
    .selectFrom('enrolments')
    .select(['enrolment_id as enrolmentId', 'state'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('serial_number', '=', serialNumber)
    .where('origin', '=', 'import')
    .where('enrolment_id', 'in', (inner) =>
      inner
        .selectFrom('serial_claims')
        .select('enrolment_id')
        .where('tenant_id', '=', tenantId)
        .where('serial_number', '=', serialNumber)
        .union(
          inner
            .selectFrom('serial_waits')
            .select('enrolment_id')
            .where('tenant_id', '=', tenantId)
            .where('serial_number', '=', serialNumber),
        ),
    )
    .executeTakeFirst();
  return row ?? null;
};
