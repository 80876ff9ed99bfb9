/**
 * Which locks people have seen locked, on a closing check that they have not signed: kept for its own person alone, through walking away
 * and an idle sign-out. What was seen long ago says nothing of now.
 */
import type { LockTile } from '#shared/ipc/views.ts';

export const tickedForMs = 2 * 60 * 60_000;

export interface SweepTicks {
  /** What this person has ticked, and when last. */
  of(staffId: string, now: number): ReadonlySet<string>;
  set(staffId: string, serialNumbers: ReadonlySet<string>, now: number): void;
  /** It is signed. */
  clear(staffId: string): void;
}

/** More people than close one store; whoever began first makes room. */
const mostPeople = 50;

export const createSweepTicks = (): SweepTicks => {
  const kept = new Map<string, { readonly at: number; readonly serialNumbers: ReadonlySet<string> }>();
  return {
    of: (staffId, now) => {
      const its = kept.get(staffId);
      return its && now - its.at < tickedForMs ? its.serialNumbers : new Set();
    },
    set: (staffId, serialNumbers, now) => {
      kept.delete(staffId);
      kept.set(staffId, { at: now, serialNumbers });
      const [oldest] = kept.keys();
      if (kept.size > mostPeople && oldest !== undefined) kept.delete(oldest);
    },
    clear: (staffId) => kept.delete(staffId),
  };
};

export interface SweepList {
  readonly open: readonly LockTile[];
  /** Nobody hears them. */
  readonly silent: readonly LockTile[];
  readonly locked: number;
  /** How many would be signed as not locked. */
  readonly left: number;
}

export const sweepList = (locks: readonly LockTile[], ticked: ReadonlySet<string>): SweepList => {
  const open = locks.filter(({ boltOpen }) => boltOpen === true);
  const silent = locks.filter(({ proximity }) => proximity === null);
  const unseen = silent.filter(({ serialNumber }) => !ticked.has(serialNumber));
  return {
    open,
    silent,
    locked: locks.length - open.length - silent.length,
    left: open.length + unseen.length,
  };
};
