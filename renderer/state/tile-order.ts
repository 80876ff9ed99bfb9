/**
 * The order of the Counter's tiles. A person aims at a tile, so a tile does not move while a finger is down or shortly after
 * a tap, and a lock that wavers between two bands stays where it is.
 */
import type { LockTile } from '#shared/ipc/views.ts';

/** How long a lock has to be in another band before its tile moves there, in ms. */
export const settleMs = 2_000;

const away = 5;

/** Open or tampered with, here, near, far, somewhere in range, away. */
const bandOf = (lock: LockTile): number => {
  if (lock.proximity === null) return away;
  if (lock.boltOpen === true || lock.tamper) return 0;
  return { here: 1, near: 2, far: 3, unknown: 4 }[lock.proximity];
};

interface Place {
  band: number;
  /** The band that the lock has been in since `since`, when it is another one than `band`. */
  next: number;
  since: number;
}

export interface TileOrder {
  /**
   * The serial numbers of the tiles to show, in order. `now` is any clock in ms that only grows; while `held` nothing
   * moves, appears or disappears.
   */
  update(locks: readonly LockTile[], now: number, held: boolean): readonly string[];
  /** When the order would next change if nothing else happened; null when everything is in its place. */
  nextChange(): number | null;
}

export const createTileOrder = (): TileOrder => {
  const places = new Map<string, Place>();
  let order: readonly string[] = [];

  const place = (lock: LockTile, now: number): void => {
    const band = bandOf(lock);
    const known = places.get(lock.serialNumber);
    // A lock that comes into range is shown at once: someone may be holding it up to the dongle.
    if (!known || (known.band === away && band !== away)) {
      places.set(lock.serialNumber, { band, next: band, since: now });
      return;
    }
    if (band !== known.next) {
      known.next = band;
      known.since = now;
    }
    if (known.next !== known.band && now - known.since > settleMs) known.band = known.next;
  };

  const update = (locks: readonly LockTile[], now: number, held: boolean): readonly string[] => {
    const present = new Set(locks.map((lock) => lock.serialNumber));
    if (held) {
      order = order.filter((serial) => present.has(serial));
      return order;
    }
    for (const serial of [...places.keys()]) if (!present.has(serial)) places.delete(serial);
    for (const lock of locks) place(lock, now);
    const bandNow = (lock: LockTile): number => places.get(lock.serialNumber)?.band ?? away;
    const sorted = locks
      .filter((lock) => bandNow(lock) !== away)
      .sort(
        (a, b) =>
          bandNow(a) - bandNow(b) ||
          byName.compare(a.name, b.name) ||
          a.serialNumber.localeCompare(b.serialNumber),
      )
      .map((lock) => lock.serialNumber);
    if (!sameOrder(order, sorted)) order = sorted;
    return order;
  };

  const nextChange = (): number | null => {
    const waiting = [...places.values()].filter((one) => one.next !== one.band);
    return waiting.length === 0 ? null : Math.min(...waiting.map((one) => one.since + settleMs + 1));
  };

  return { update, nextChange };
};

/** "Hook 2" comes before "Hook 10". */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const sameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((serial, at) => serial === b[at]);
