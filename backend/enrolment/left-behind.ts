/**
 * Enrolments that a revoked kiosk had not delivered. What it did with a lock is noted like any other kiosk's word. What it had
 * only captured is sent to no vendor: nobody knows who held that kiosk by then. It waits as refused, and a person of the store
 * can have it sent from another kiosk. What had been sent, to a backend that has lost it since, waits as uncertain: the vendor may
 * have its lock registered, so nobody gives it up by mistake. It changes its own only.
 */
import type { PushResult } from '#shared/http/contract.ts';
import { enrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import { appError } from '../platform/app-error.ts';
import type { Db } from '../store/database.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import { insertEnrolment } from './push-enrolments.ts';

/**
 * So many of one kiosk wait as uncertain at the most; no kiosk that works has sent more and not finished them. Whoever took the
 * kiosk can make them up, and only an operator ends an uncertain one: what is more is refused, which a person of the store can give
 * up.
 */
export const mostUncertain = 300;

interface LeftBehindPorts {
  readonly db: Db;
  readonly tenantId: string;
  readonly pushEnrolments: (kiosk: KioskOfStore, rows: readonly unknown[]) => Promise<PushResult[]>;
  now(): number;
}

/** Repeating it changes nothing. */
export const keepLeftBehind = async (
  ports: LeftBehindPorts,
  kiosk: KioskOfStore,
  rows: readonly unknown[],
): Promise<void> => {
  for (const row of rows) {
    const left = enrolmentSchema.safeParse(row).data;
    if (!left) continue;
    if (left.state === 'captured' || left.state === 'submitted') await keepCaptured(ports, kiosk, left);
    else if (await isItsOwn(ports, kiosk, left)) {
      await ports.pushEnrolments(kiosk, [left]);
    }
  }
};

/**
 * Whoever took the kiosk has its key as well: what others of the store have captured, they give up or finish themselves. A lock that
 * has its key already takes it once more.
 */
const isItsOwn = async (
  { db, tenantId }: LeftBehindPorts,
  kiosk: KioskOfStore,
  { enrolmentId }: EnrolmentDocument,
): Promise<boolean> => {
  const held = await db
    .selectFrom('enrolments')
    .select('kiosk_id')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', kiosk.storeId)
    .where('enrolment_id', '=', enrolmentId)
    .executeTakeFirst();
  return held === undefined || held.kiosk_id === kiosk.kioskId;
};

const keepCaptured = async (
  { db, tenantId, ...ports }: LeftBehindPorts,
  kiosk: KioskOfStore,
  captured: EnrolmentDocument,
): Promise<void> => {
  if (captured.kioskId !== kiosk.kioskId) return;
  const key = { tenant_id: tenantId, store_id: kiosk.storeId, enrolment_id: captured.enrolmentId };
  await changeStore(db, tenantId, kiosk.storeId, async (write) => {
    const held = await write.tx
      .selectFrom('enrolments')
      .select('enrolment_id')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', kiosk.storeId)
      .where('enrolment_id', '=', captured.enrolmentId)
      .executeTakeFirst();
    if (held) return;
    const { serialNumber } = captured;
    const wasSent =
      captured.state === 'submitted' && (await countUncertain(write, key, kiosk)) < mostUncertain;
    await insertEnrolment(
      write,
      key,
      // It is for the person who sends it from another kiosk to look at the lock, as at one that has proved nothing.
      { ...captured, proof: null },
      {
        ...(wasSent
          ? { state: 'uncertain', problem: problemOf({ serialNumber, reason: 'had_been_sent' }) }
          : { state: 'refused', problem: problemOf({ serialNumber }) }),
        changedAt: ports.now(),
      },
    );
  });
};

/** Of the kiosk's: the index of what is uncertain makes this cheap. */
const countUncertain = async (
  { tx }: StoreWrite,
  key: { readonly tenant_id: string; readonly store_id: string },
  { kioskId }: KioskOfStore,
): Promise<number> => {
  const { count } = await tx
    .selectFrom('enrolments')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenant_id', '=', key.tenant_id)
    .where('store_id', '=', key.store_id)
    .where('kiosk_id', '=', kioskId)
    .where('state', '=', 'uncertain')
    .where('deleted', '=', false)
    .executeTakeFirstOrThrow();
  return Number(count);
};

const problemOf = (params: { readonly serialNumber: string; readonly reason?: 'had_been_sent' }) =>
  appError('enrolment.kiosk_revoked', params);
