/** Events as rows of the table: with the names of now, and the time on the store's wall. */
import type { TableRow } from '#shared/journal/table.ts';
import { readRights, reasonsOf, type Rights } from '#shared/rights/decide.ts';
import { wallClockOf, type WallClock } from '#shared/rights/wall-clock.ts';
import { readEventTimes } from '../admin/event-times.ts';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import type { HeldEvent } from './pages.ts';

export interface StoreNames {
  readonly people: ReadonlyMap<string, string>;
  readonly locks: ReadonlyMap<string, { readonly name: string; readonly group: string }>;
  readonly rights: Rights;
  readonly wall: WallClock | null;
}

export const readNames = async (db: Db, { tenantId, storeId }: StoreKey): Promise<StoreNames> => {
  const people = await db
    .selectFrom('staff')
    .select(['staff_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  const locks = await db
    .selectFrom('locks')
    .select(['serial_number', 'name', 'group_name as group'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  const { rights, time_zone: timeZone } = await db
    .selectFrom('stores')
    .select(['rights', 'time_zone'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .executeTakeFirstOrThrow();
  const zone = rights?.timeZone ?? timeZone;
  return {
    people: new Map(people.map((row) => [row.staff_id, row.name])),
    locks: new Map(locks.map((row) => [row.serial_number, row])),
    rights: readRights(rights),
    wall: zone === null ? null : wallClockOf(zone),
  };
};

export const createRows = (db: Db, store: StoreKey, { people, locks, rights, wall }: StoreNames) => {
  const nameOf = (staffId: string | null | undefined): string | null =>
    (staffId ? people.get(staffId) : undefined) ?? null;
  return async (held: readonly HeldEvent[]): Promise<readonly TableRow[]> => {
    const times = await readEventTimes(db, store, held);
    return held.map((one): TableRow => {
      const { body: event } = one;
      const lock = event.serialNumber === null ? undefined : locks.get(event.serialNumber);
      const group = event.group ?? lock?.group ?? null;
      const time = times(one);
      const choices = group === null ? undefined : reasonsOf(group, rights)?.choices;
      return {
        event,
        time,
        group,
        offsetMs: wall ? wall.stretchAt(Math.max(0, time.at)).offset : null,
        person: nameOf(event.staffId),
        approver: nameOf(event.approver?.staffId),
        lock: lock?.name ?? null,
        reason: choices?.find(({ code }) => code === event.reason?.code)?.name ?? null,
        isHeld: true,
      };
    });
  };
};
