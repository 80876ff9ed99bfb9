/**
 * Which locks people have seen locked, on a closing check that they have not signed: kept for its own person alone, through walking away
 * and an idle sign-out. What was seen long ago says nothing of now.
 */
import type { LockTile } from '#shared/ipc/views.ts';

export const tickedForMs = 2 * 60 * 60_000;

export interface SweepTicks {
  /** What this person has ticked. */
  of(staffId: string, now: number): ReadonlySet<string>;
  set(staffId: string, serialNumbers: ReadonlySet<string>, now: number): void;
  /** That lock has been opened since, whoever has seen it locked. */
  opened(serialNumber: string): void;
  /** It is signed. */
  clear(staffId: string): void;
}

/** More people than close one store; whoever began first makes room. */
const mostPeople = 50;

export const createSweepTicks = (): SweepTicks => {
  /** By person and lock: when it was ticked. */
  const kept = new Map<string, Map<string, number>>();
  const of: SweepTicks['of'] = (staffId, now) =>
    new Set(
      [...(kept.get(staffId) ?? [])].flatMap(([serial, at]) => (now - at < tickedForMs ? [serial] : [])),
    );
  return {
    of,
    set: (staffId, serialNumbers, now) => {
      const before = kept.get(staffId);
      const still = of(staffId, now);
      const atOf = (serial: string): number => (still.has(serial) ? (before?.get(serial) ?? now) : now);
      kept.delete(staffId);
      kept.set(staffId, new Map([...serialNumbers].map((serial) => [serial, atOf(serial)])));
      const [oldest] = kept.keys();
      if (kept.size > mostPeople && oldest !== undefined) kept.delete(oldest);
    },
    opened: (serialNumber) => {
      for (const its of kept.values()) its.delete(serialNumber);
    },
    clear: (staffId) => kept.delete(staffId),
  };
};

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
