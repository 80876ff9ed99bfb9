/** Duress that kiosks have told of: kept with the store, for the back office and for the store's other kiosks, until it is acknowledged. */
import { sql } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { DuressAlarm } from '#shared/models/documents.ts';
import { readEventTimes } from '../admin/event-times.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Db, Tx } from '../store/database.ts';
import type { ToldDuress } from '../store/organisation-tables.ts';
import type { StoreKey } from '../store/store-key.ts';
import { changeStore, writeStore, type StoreWrite } from '../store/store-write.ts';

/** As many as a store's document holds: of more, kiosks are told of the newest. */
const mostTold = 20;
/** So many of one person: of more, the oldest are given up. Nobody's gives way to another's. */
const mostOfOne = 5;
/** What one person does at one kiosk within this time is one alarm, as long as nobody has acknowledged it. */
const sameWithinMs = 10 * 60_000;

/** Those that have a PIN of their own. */
const withPin: readonly AccessEvent['kind'][] = [
  'signed_in',
  'sign_in_refused',
  'activity_exported',
  'locks_exported',
  'kiosk_left',
];

/** Who is forced: by an event that has a PIN of its own, or as somebody who confirms what another does. */
export const forcedIn = ({
  kind,
  duress,
  staffId,
  approver,
}: Pick<AccessEvent, 'kind' | 'duress' | 'staffId' | 'approver'>): string | null => {
  if (approver?.duress) return approver.staffId;
  return withPin.includes(kind) && duress ? staffId : null;
};

const isSame = (a: ToldDuress, b: ToldDuress): boolean =>
  a.kioskId === b.kioskId && a.staffId === b.staffId && Math.abs(a.at - b.at) < sameWithinMs;

/** What is told already and what is told now, the oldest first. */
export const mergedDuress = (
  told: readonly ToldDuress[],
  fresh: readonly ToldDuress[],
): readonly ToldDuress[] => {
  const all = [...told];
  for (const one of fresh) if (!all.some((other) => isSame(one, other))) all.push(one);
  const after = (at: number, { staffId }: ToldDuress): number =>
    all.slice(at + 1).filter((one) => one.staffId === staffId).length;
  return all.filter((one, at) => after(at, one) < mostOfOne);
};

const toldOf = async (
  { tx }: StoreWrite,
  { tenantId, storeId }: StoreKey,
): Promise<readonly ToldDuress[]> => {
  const row = await tx
    .selectFrom('stores')
    .select('duress')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .executeTakeFirst();
  return row?.duress ?? [];
};
const keep = async (
  { tx, nextVersion }: StoreWrite,
  { tenantId, storeId }: StoreKey,
  told: readonly ToldDuress[],
): Promise<void> => {
  await tx
    .updateTable('stores')
    .set({ duress: told.length === 0 ? null : JSON.stringify(told), version: nextVersion() })
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
};

/** When these events happened, as far as their kiosk has found it out by now: else one whose clock was behind would call nobody. */
const timesOf = async (
  tx: Tx,
  kiosk: StoreKey & { readonly kioskId: string },
  eventIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await tx
    .selectFrom('access_events')
    .select(['body', 'received_at as receivedAt'])
    .where('tenant_id', '=', kiosk.tenantId)
    .where('kiosk_id', '=', kiosk.kioskId)
    .where(sql<boolean>`event_id = ANY(${eventIds}::uuid[])`)
    .execute();
  const timed = await readEventTimes(tx, kiosk, rows);
  return new Map(rows.map((row) => [row.body.eventId, Math.min(timed(row).at, now)]));
};

/** What these events of a kiosk, which are kept by now, tell of duress; a correction of its clock holds for what was told before, too. */
export const duressOfEvents = async (
  tx: Tx,
  kiosk: StoreKey & { readonly kioskId: string },
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const { tenantId, storeId, kioskId } = kiosk;
  const forced = events.flatMap((event) => {
    const staffId = forcedIn(event);
    return staffId === null ? [] : [{ eventId: event.eventId, staffId, kioskId }];
  });
  if (forced.length === 0 && !events.some(({ kind }) => kind === 'clock_corrected')) return;
  await writeStore(tx, tenantId, storeId, async (write) => {
    const told = await toldOf(write, kiosk);
    const own = told.filter((one) => one.kioskId === kioskId);
    if (forced.length + own.length === 0) return;
    const { name } = await tx
      .selectFrom('kiosks')
      .select('name')
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('kiosk_id', '=', kioskId)
      .executeTakeFirstOrThrow();
    const ids = [...own, ...forced].map(({ eventId }) => eventId);
    const times = await timesOf(tx, kiosk, ids, now);
    const fresh = forced.map((one) => ({ ...one, at: times.get(one.eventId) ?? now, kioskName: name }));
    const timed = told.map((one) => {
      const at = one.kioskId === kioskId ? (times.get(one.eventId) ?? one.at) : one.at;
      return at === one.at ? one : { ...one, at };
    });
    const merged = mergedDuress(timed, fresh);
    if (merged.some((one) => !told.includes(one))) await keep(write, kiosk, merged);
  });
};

/** Who asks for the document of a store. */
export interface Listener {
  readonly kioskId: string;
  readonly name: string;
  readonly registeredAt: number;
}

export const listenerOf = (tx: Tx, tenantId: string, { storeId, kioskId }: KioskOfStore): Promise<Listener> =>
  tx
    .selectFrom('kiosks')
    .select(['kiosk_id as kioskId', 'name', 'registered_at as registeredAt'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('kiosk_id', '=', kioskId)
    .executeTakeFirstOrThrow();

/**
 * As the document of the store has it for one of its kiosks: nothing of what that one has told itself, nor of what one of its name has told
 * that it was before it was registered anew.
 */
export const duressFor = (
  listener: Listener,
  told: readonly ToldDuress[] | null,
): { readonly duress?: readonly DuressAlarm[] } => {
  const isOwn = ({ kioskId, kioskName, at }: ToldDuress): boolean =>
    kioskId === listener.kioskId || (kioskName === listener.name && at < listener.registeredAt);
  const others = (told ?? []).filter((one) => !isOwn(one));
  if (others.length === 0) return {};
  return { duress: others.slice(-mostTold).map(({ kioskId: _own, ...alarm }) => alarm) };
};

export interface DuressAdmin {
  /** What nobody has acknowledged, the newest first; `name` is null of who is not known any more. */
  open(storeId: string): Promise<readonly (ToldDuress & { readonly name: string | null })[]>;
  /** False where there is nothing of that event to acknowledge. */
  acknowledge(storeId: string, eventId: string, note: NoteAct): Promise<boolean>;
}

export const createDuressAdmin = (ports: { readonly db: Db; readonly tenantId: string }): DuressAdmin => {
  const { db, tenantId } = ports;
  return {
    open: async (storeId) => {
      const { rows } = await sql<ToldDuress & { readonly name: string | null }>`
        SELECT told.value->>'eventId' AS "eventId", told.value->>'kioskId' AS "kioskId",
          told.value->>'kioskName' AS "kioskName", told.value->>'staffId' AS "staffId",
          (told.value->>'at')::bigint AS at, staff.name
        FROM stores CROSS JOIN LATERAL jsonb_array_elements(stores.duress) AS told
        LEFT JOIN staff ON staff.tenant_id = stores.tenant_id AND staff.store_id = stores.store_id
          AND staff.staff_id::text = told.value->>'staffId' AND NOT staff.deleted
        WHERE stores.tenant_id = ${tenantId} AND stores.store_id = ${storeId} AND stores.duress IS NOT NULL
        ORDER BY at DESC`.execute(db);
      return rows;
    },
    acknowledge: async (storeId, eventId, note) => {
      const store = { tenantId, storeId };
      const done = await changeStore(db, tenantId, storeId, async (write) => {
        const told = await toldOf(write, store);
        const left = told.filter((one) => one.eventId !== eventId);
        if (left.length === told.length) return false;
        await keep(write, store, left);
        await note(write.tx);
        return true;
      });
      return done ?? false;
    },
  };
};
