/**
 * The order of the Counter's tiles. People learn where a lock is, so a tile has a fixed place: by group, then by name. Neither
 * opening it, nor how strong its signal is, moves it; and one that was heard keeps its place after it has gone silent.
 */
import type { LockTile } from '#shared/ipc/views.ts';
import { byName } from '../i18n/translate.ts';

export interface TileOrder {
  /**
   * The serial numbers of the tiles to show, in order: of all locks that were in range since the order was made and are still
   * among `locks`. While `held` (a finger is down, or was a moment ago) none appears and none moves.
   */
  update(locks: readonly LockTile[], held: boolean): readonly string[];
}

export const createTileOrder = (): TileOrder => {
  const heard = new Set<string>();
  let order: readonly string[] = [];

  const update = (locks: readonly LockTile[], held: boolean): readonly string[] => {
    const present = new Set(locks.map((lock) => lock.serialNumber));
    if (held) {
      if (!order.every((serial) => present.has(serial)))
        order = order.filter((serial) => present.has(serial));
      return order;
    }
    for (const serial of heard) if (!present.has(serial)) heard.delete(serial);
    for (const lock of locks) if (lock.proximity !== null) heard.add(lock.serialNumber);
    const sorted = locks
      .filter((lock) => heard.has(lock.serialNumber))
      .sort(byPlace)
      .map((lock) => lock.serialNumber);
    if (!sameOrder(order, sorted)) order = sorted;
    return order;
  };

  return { update };
};

/** By group, then by name; serial numbers make it the same at each start. Locks without a group come last. */
export const byPlace = (a: LockTile, b: LockTile): number =>
  Number(a.group === '') - Number(b.group === '') ||
  byName(a.group, b.group) ||
  byName(a.name, b.name) ||
  (a.serialNumber < b.serialNumber ? -1 : 1);

const sameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((serial, at) => serial === b[at]);
