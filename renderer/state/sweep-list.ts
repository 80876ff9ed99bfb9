/** The locks of a closing check, by what they say of themselves and what somebody has seen. */
import type { LockTile } from '#shared/ipc/views.ts';

export interface SweepList {
  readonly open: readonly LockTile[];
  /** Nobody hears them, or what is heard says that it is a new lock. */
  readonly silent: readonly LockTile[];
  readonly locked: number;
  /** How many would be signed as not locked. */
  readonly left: number;
}

export const sweepList = (locks: readonly LockTile[], ticked: ReadonlySet<string>): SweepList => {
  const open = locks.filter(({ boltOpen }) => boltOpen === true);
  const silent = locks.filter(({ boltOpen }) => boltOpen === null);
  const unseen = silent.filter(({ serialNumber }) => !ticked.has(serialNumber));
  return {
    open,
    silent,
    locked: locks.length - open.length - silent.length,
    left: open.length + unseen.length,
  };
};
