/**
 * How many digits people's PINs have, as far as they have signed in since the page began: who is known needs no Enter. It is
 * kept in memory alone, and one wrong PIN forgets it, so that nobody learns it by more than one try.
 */
/** Digits of a PIN. */
export const shortestPin = 4;
export const longestPin = 8;
/** Whoever has not touched anything for so long, in ms, leaves no half of a PIN to the next person. */
export const walkedAwayMs = 30_000;

export interface PinLengths {
  /** The number of digits at which the PIN is whole; null while nobody knows. */
  of(staffId: string): number | null;
  /** This PIN was right. */
  learn(staffId: string, length: number): void;
  /** This person's PIN was wrong: it may have been changed. */
  forget(staffId: string): void;
}

export const createPinLengths = (): PinLengths => {
  const lengths = new Map<string, number>();
  return {
    of: (staffId) => lengths.get(staffId) ?? null,
    learn: (staffId, length) => lengths.set(staffId, length),
    forget: (staffId) => lengths.delete(staffId),
  };
};
