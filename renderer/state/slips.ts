/** Tells a slip of the hand from a wish: the second tap of a double tap is meant for what was there before. */

/** It comes within this time, in ms. */
export const slipMs = 600;

export interface Slips {
  /** What a tap on that lock's tile does has changed now. */
  changed(serialNumber: string): void;
  isSlip(serialNumber: string): boolean;
  /** Something else was shown since: the next tap is meant. */
  forget(serialNumber: string): void;
  clear(): void;
}

/** `now`: a clock that never goes back, in ms. */
export const createSlips = (now: () => number): Slips => {
  const changedAt = new Map<string, number>();
  return {
    changed: (serialNumber) => void changedAt.set(serialNumber, now()),
    isSlip: (serialNumber) => now() - (changedAt.get(serialNumber) ?? -Infinity) < slipMs,
    forget: (serialNumber) => void changedAt.delete(serialNumber),
    clear: () => changedAt.clear(),
  };
};
