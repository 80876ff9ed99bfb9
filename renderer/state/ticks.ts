/**
 * Which locks people have ticked on a round that they have not signed (seen locked, or given a new battery): kept for its own person
 * alone, through walking away and an idle sign-out. What was ticked long ago says nothing of now.
 */

export const tickedForMs = 2 * 60 * 60_000;

export interface Ticks {
  /** What this person has ticked. */
  of(staffId: string, now: number): ReadonlySet<string>;
  set(staffId: string, serialNumbers: ReadonlySet<string>, now: number): void;
  /** Whatever was ticked of that lock, by whomever, is so no more: it has been opened since. */
  opened(serialNumber: string): void;
  /** It is signed. */
  clear(staffId: string): void;
}

/** More people than walk one store; whoever began first makes room. */
const mostPeople = 50;

export const createTicks = (): Ticks => {
  /** By person and lock: when it was ticked. */
  const kept = new Map<string, Map<string, number>>();
  const of: Ticks['of'] = (staffId, now) =>
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
