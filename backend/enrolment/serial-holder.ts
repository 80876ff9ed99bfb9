/** Who holds a serial number, and how firmly. */
import { sql, type RawBuilder } from 'kysely';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import type { Tx } from '../store/database.ts';
import type { ClaimOf } from './claims.ts';

export interface Holder {
  readonly storeId: string;
  readonly enrolmentId: string;
  readonly kioskId: string | null;
  readonly state: EnrolmentState | null;
  /** Its lock has proved its capture to the kiosk that made it. */
  readonly isProven: boolean;
  /** Gives way to nobody: proven, vouched for by an operator, or registered, be it that the vendor does not give the key. */
  readonly isFirm: boolean;
  /** The vendor has been asked for it and may have carried it out: until it answers, the serial number is nobody else's. */
  readonly isAsked: boolean;
  /** ms since the epoch */
  readonly claimedAt: number;
}

/** For a WITH or a FROM: every holder of the tenant, with its `serialNumber`. */
export const holders = (tenantId: string): RawBuilder<Holder & { readonly serialNumber: string }> => sql`
  SELECT c.serial_number AS "serialNumber", c.store_id AS "storeId", c.enrolment_id AS "enrolmentId",
    e.kiosk_id AS "kioskId", e.state, e.proof IS NOT NULL AS "isProven", c.claimed_at AS "claimedAt",
    c.is_firm OR coalesce(e.state IN ('registered', 'provisioned'), false)
      OR coalesce(e.state = 'uncertain' AND a.open_from IS NOT NULL, false) AS "isFirm",
    coalesce(e.state = 'submitted' AND a.open_from IS NOT NULL, false) AS "isAsked"
  FROM serial_claims c
  LEFT JOIN enrolments e USING (tenant_id, store_id, enrolment_id)
  LEFT JOIN registration_attempts a USING (tenant_id, store_id, enrolment_id)
  WHERE c.tenant_id = ${tenantId}`;

/** Null: it is free, as far as can be seen from this transaction. */
export const holderOf = async (
  tx: Tx,
  { tenantId, serialNumber }: Pick<ClaimOf, 'tenantId' | 'serialNumber'>,
): Promise<Holder | null> => {
  const { rows } = await sql<Holder>`${holders(tenantId)} AND c.serial_number = ${serialNumber}`.execute(tx);
  return rows[0] ?? null;
};
