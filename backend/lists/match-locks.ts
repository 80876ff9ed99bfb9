/** Which lock a line of a list means: by its serial number, or by the place that it is in. */
import type { Naming } from '#shared/models/naming.ts';
import { isEmptyCell } from '#shared/lists/cells.ts';
import type { Line } from '#shared/lists/columns.ts';
import { cellFault, type CellFault } from '#shared/lists/faults.ts';
import type { LockColumn } from '#shared/lists/lock-columns.ts';
import { takeSerial } from '#shared/lists/serials.ts';
import { takeText } from '#shared/lists/take.ts';

export interface HeldLock extends Naming {
  readonly serialNumber: string;
  /** Null: it is in none, a spare. */
  readonly place: string | null;
}

export type MeantLock =
  | { readonly lock: HeldLock; readonly column: LockColumn }
  | { readonly fault: CellFault; readonly column: LockColumn };

/**
 * The lock of a line: by its serial number, or the one that is in the place. A list that has both and is older than the lock's place is
 * told so: what it says may be of the lock that hung there then. No list puts a lock somewhere: that is done where it hangs.
 */
export const matchLock = (
  line: Line<LockColumn>,
  bySerial: ReadonlyMap<string, HeldLock>,
  byPlace: ReadonlyMap<string, HeldLock>,
): MeantLock => {
  const given = line.cell('place');
  const place = takeText(given);
  if (!place.ok) return { column: 'place', fault: place.fault };
  const placeId = place.value.toLowerCase();
  const cell = line.cell('serialNumber');
  if (!cell || isEmptyCell(cell)) {
    if (placeId === '') {
      const words = 'is needed, or a place ID: locks are told apart by them';
      return { column: 'serialNumber', fault: cellFault('missing', words) };
    }
    const lock = byPlace.get(placeId);
    if (lock) return { column: 'place', lock };
    return { column: 'place', fault: cellFault('not_here', 'is no place of this store that a lock is in') };
  }
  const serial = takeSerial(cell, new Set(bySerial.keys()));
  const lock = serial.ok ? bySerial.get(serial.value) : undefined;
  if (!serial.ok) return { column: 'serialNumber', fault: serial.fault };
  if (!lock) return { column: 'serialNumber', fault: cellFault('not_here', 'is no lock of this store') };
  if (placeId === '' || placeId === lock.place) return { column: 'serialNumber', lock };
  const words =
    'is not the place that this lock is in now. A lock goes to another place by Replace at a kiosk; take a new list';
  return { column: 'place', fault: cellFault('not_one', words) };
};
