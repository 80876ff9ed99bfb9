/** What the line for serial numbers needs: read without locks, and judged again by the step that does it. */
import { sql } from 'kysely';
import type { Db, Tx } from '../store/database.ts';
import { holders } from './serial-holder.ts';
import { mostUnproven, unprovenClaims } from './serial-line.ts';

/** How long a claim stands that nobody has borne out, while somebody waits. ms */
export const unprovenTermMs = 600_000;

export interface LineWork {
  /**
   * `grant`: the serial number is free, and this one is next; `displace`: this one may have the holder's place; `dismiss`: the
   * holder gives way to nobody; `end`: the lock is the holder's, and this one is uncertain.
   */
  readonly kind: 'grant' | 'displace' | 'dismiss' | 'end';
  /** Of the one that waits, or is to end. */
  readonly storeId: string;
  readonly enrolmentId: string;
  readonly serialNumber: string;
  /** Null where it is free. */
  readonly holderStoreId: string | null;
}

/**
 * At most `most`, one of each store before a second of any. Next in a line is who is firm, then whose store has lost this serial
 * number least often, then whose kiosk has, then who came first. A claim that was made by a clock that was wrong is old.
 */
export const findLineWork = async (
  db: Db | Tx,
  tenantId: string,
  { now, most, only }: { readonly now: number; readonly most: number; readonly only?: string },
): Promise<LineWork[]> => {
  const { rows } = await sql<LineWork>`
    WITH holder AS (${holders(tenantId)}),
    counted AS (SELECT kiosk_id, count(*) AS claims FROM (${unprovenClaims(tenantId)}) AS unproven GROUP BY kiosk_id),
    line AS (
      SELECT w.*, holder."enrolmentId" IS NOT NULL AS is_held, holder."storeId" AS holder_store_id,
        holder."isFirm" AS is_holder_firm,
        NOT holder."isAsked" AND (w.is_firm OR holder."claimedAt" <= ${now - unprovenTermMs}
          OR holder."claimedAt" > ${now + unprovenTermMs}) AS may_displace,
        ${mostUnproven} - coalesce(counted.claims, 0) AS may_claim,
        w.is_firm OR coalesce(counted.claims, 0) < ${mostUnproven} AS may_hold,
        (SELECT coalesce(sum(l.lapses), 0) FROM serial_lapses l WHERE l.tenant_id = w.tenant_id
          AND l.serial_number = w.serial_number AND l.store_id = w.store_id) AS of_store,
        (SELECT coalesce(sum(l.lapses), 0) FROM serial_lapses l WHERE l.tenant_id = w.tenant_id
          AND l.serial_number = w.serial_number AND l.store_id = w.store_id AND l.kiosk_id = w.kiosk_id) AS of_kiosk
      FROM serial_waits w
      LEFT JOIN holder ON holder."serialNumber" = w.serial_number
      LEFT JOIN counted ON counted.kiosk_id = w.kiosk_id
      WHERE w.tenant_id = ${tenantId} AND (${only ?? null}::text IS NULL OR w.serial_number = ${only ?? null})
    ),
    work AS (
      SELECT *, CASE WHEN NOT is_held THEN 'grant' WHEN is_holder_firm THEN 'dismiss' ELSE 'displace' END AS kind,
        row_number() OVER (PARTITION BY serial_number
          ORDER BY is_firm DESC, of_store, of_kiosk, place) AS nth_of_serial
      FROM line
      WHERE CASE WHEN NOT is_held THEN may_hold WHEN is_holder_firm THEN true ELSE may_displace AND may_hold END
    ),
    next AS (
      SELECT *, row_number() OVER (PARTITION BY store_id, kiosk_id, is_firm ORDER BY place) AS nth_of_kiosk
      FROM work WHERE kind = 'dismiss' OR nth_of_serial = 1
    )
    SELECT kind, store_id AS "storeId", enrolment_id AS "enrolmentId", serial_number AS "serialNumber",
      holder_store_id AS "holderStoreId"
    FROM next WHERE kind = 'dismiss' OR is_firm OR nth_of_kiosk <= may_claim
    ORDER BY row_number() OVER (PARTITION BY store_id ORDER BY place), place
    LIMIT ${most}`.execute(db);
  return rows;
};

/**
 * Enrolments that are uncertain, and whose lock is registered for another here: sending them again, and an operator's vouching, come
 * to nothing by now.
 */
export const findLostToOthers = async (
  db: Db | Tx,
  tenantId: string,
  { most, only }: { readonly most: number; readonly only?: string },
): Promise<LineWork[]> => {
  const { rows } = await sql<LineWork>`
    SELECT 'end' AS kind, lost.store_id AS "storeId", lost.enrolment_id AS "enrolmentId",
      lost.serial_number AS "serialNumber", holder."storeId" AS "holderStoreId"
    FROM enrolments lost, LATERAL (
      ${holders(tenantId)} AND c.serial_number = lost.serial_number) AS holder
    WHERE lost.tenant_id = ${tenantId} AND lost.state = 'uncertain' AND NOT lost.deleted
      AND holder."enrolmentId" <> lost.enrolment_id AND holder.state IN ('registered', 'provisioned')
      AND (${only ?? null}::uuid IS NULL OR lost.enrolment_id = ${only ?? null}::uuid)
    LIMIT ${most}`.execute(db);
  return rows;
};
