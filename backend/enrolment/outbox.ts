/** The outbox's rows: which is next, how often it was tried, when it is tried again. */
import { sql } from 'kysely';
import { backoffMs } from '#shared/flow/backoff.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { Db, Tx } from '../store/database.ts';
import type { ClaimOf } from './claims.ts';

export const firstRetryMs = 1_000;
const retry = { firstMs: firstRetryMs, longestMs: 300_000, chance: 0.5 };
/** Longer than anything is ever put off: what is due later than that was put off by a clock that was wrong. */
const longestWaitMs = 3_600_000;

/**
 * A due row that nobody works on, locked, with what has to be sent: the longest due one of the store whose last turn is the
 * longest ago, so that a store waits for what is under way and never for what another has put in line. The lock leaves the
 * row's key alone, so that an attempt can be counted beside it. `busy`: stores that are not to get another turn now.
 */
export const lockNextDue = (tx: Tx, tenantId: string, now: number, busy: readonly string[]) =>
  tx
    .selectFrom('outbox')
    .innerJoin('enrolments', (join) =>
      join
        .onRef('enrolments.tenant_id', '=', 'outbox.tenant_id')
        .onRef('enrolments.store_id', '=', 'outbox.store_id')
        .onRef('enrolments.enrolment_id', '=', 'outbox.enrolment_id'),
    )
    .leftJoin('registration_turns', (join) =>
      join
        .onRef('registration_turns.tenant_id', '=', 'outbox.tenant_id')
        .onRef('registration_turns.store_id', '=', 'outbox.store_id'),
    )
    .select([
      'outbox.store_id',
      'outbox.serial_number',
      'outbox.enrolment_id',
      'outbox.adopts',
      'enrolments.type',
      'enrolments.enrolment_code',
    ])
    .where('outbox.tenant_id', '=', tenantId)
    .where((row) => row.or([row('outbox.due_at', '<=', now), row('outbox.due_at', '>', now + longestWaitMs)]))
    .where(sql<boolean>`outbox.store_id <> ALL(${busy}::uuid[])`)
    .orderBy(sql`registration_turns.turn ASC NULLS FIRST`)
    .orderBy('outbox.due_at')
    .limit(1)
    .forNoKeyUpdate('outbox')
    .skipLocked()
    .executeTakeFirst();

/** Notes that a store has its turn: at once, so that the next lane of any instance looks for another store. */
export const takeTurn = async (db: Db, { tenantId, storeId }: ClaimOf): Promise<void> => {
  await db
    .insertInto('registration_turns')
    .values({ tenant_id: tenantId, store_id: storeId, turn: nextTurn })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id']).doUpdateSet({ turn: nextTurn }))
    .execute();
};
const nextTurn = sql<number>`nextval('registration_turn')`;

/** How many registrations wait, for the vendor or for their serial numbers: a kiosk that captures without end is put off before its store's others are. */
const mostInLine = { kiosk: 300, store: 1_500 } as const;

/** Whether this kiosk, or its store, has to wait before more is put in line. */
export const isLineFull = async (
  db: Db,
  { tenantId, storeId, kioskId }: KioskOfStore & { readonly tenantId: string },
): Promise<boolean> => {
  const { rows } = await sql<{ ofStore: number; ofKiosk: number }>`
    SELECT count(*) AS "ofStore", count(*) FILTER (WHERE enrolments.kiosk_id = ${kioskId}) AS "ofKiosk"
    FROM (
      SELECT tenant_id, store_id, enrolment_id FROM outbox
      UNION ALL SELECT tenant_id, store_id, enrolment_id FROM serial_waits
    ) AS line JOIN enrolments USING (tenant_id, store_id, enrolment_id)
    WHERE line.tenant_id = ${tenantId} AND line.store_id = ${storeId}`.execute(db);
  const [line] = rows;
  return line !== undefined && (line.ofKiosk >= mostInLine.kiosk || line.ofStore >= mostInLine.store);
};

/** Puts a row off, longer with each attempt, and at least for as long as the vendor asks. Tells how long, in ms. */
export const postpone = async (
  tx: Tx,
  { tenantId, serialNumber }: ClaimOf,
  { attempts, retryAfterMs }: { readonly attempts: number; readonly retryAfterMs: number | null },
  platform: BackendPorts,
): Promise<number> => {
  const waitMs = Math.round(Math.max(retryAfterMs ?? 0, backoffMs(retry, attempts, platform.jitter())));
  await tx
    .updateTable('outbox')
    .set({ due_at: Math.round(platform.now() + waitMs) })
    .where('tenant_id', '=', tenantId)
    .where('serial_number', '=', serialNumber)
    .execute();
  return waitMs;
};
