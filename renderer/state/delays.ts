/** Of locks that are opened together: how long before they have to be asked for, and how far that is. */
import type { LockTile } from '#shared/ipc/views.ts';

export interface Delay {
  /** Those that are not to be opened yet. */
  readonly serialNumbers: readonly string[];
  readonly minutes: number;
  /** That of the lock which takes longest; left out where one of them was not asked for yet. */
  readonly wait?: LockTile['wait'];
}

/** null: none of them has a delay, or it is over for all of them. */
export const delayOf = (locks: readonly LockTile[]): Delay | null => {
  const early = locks.filter(({ needs }) => needs?.delayMinutes !== undefined);
  if (early.length === 0) return null;
  const serialNumbers = early.map(({ serialNumber }) => serialNumber);
  const minutes = Math.max(...early.map(({ needs }) => needs?.delayMinutes ?? 0));
  const waits = early.flatMap(({ wait }) => wait ?? []).sort((a, b) => b.opensAt - a.opensAt);
  return waits.length < early.length
    ? { serialNumbers, minutes }
    : { serialNumbers, minutes, wait: waits[0] };
};
