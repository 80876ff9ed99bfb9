/** How long to wait before the next try: growing, bounded, and partly left to chance, so that many do not come back at once. */

export interface Backoff {
  /** Bound of the first wait, ms; it doubles with every failure. */
  readonly firstMs: number;
  /** Bound of every wait, ms. */
  readonly longestMs: number;
  /** Which part of a wait is left to chance, 0 to 1: with 1 it is anywhere between nothing and its bound. */
  readonly chance: number;
}

/** `failures` counts those in a row, from 1; `float` is in [0, 1). Answers ms. */
export const backoffMs = ({ firstMs, longestMs, chance }: Backoff, failures: number, float: number): number =>
  Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (1 - chance + chance * float);
