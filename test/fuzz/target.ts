/** Something that reads bytes from strangers. */
import { LinkError } from '#kiosk/link/wire/link-error.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Takes milliseconds for an input, so it gets fewer. */
  readonly costly?: boolean;
  /** Valid inputs, to start from. */
  readonly corpus: readonly Uint8Array[];
  /**
   * Reads the bytes. A LinkError is its right to refuse; whatever else it throws is a finding, and so are promises about what
   * it took that do not hold. What it returns tells apart ways through the code, as far as it can.
   */
  read(bytes: Uint8Array): string;
}

/** Milliseconds: far above what any input may cost. */
const longestRead = 1000;

export interface ReadOutcome {
  /** Which way the input went, for the search: inputs that go new ways are worth changing further. */
  readonly way: string;
  /** In words, where something is wrong. */
  readonly problem: string | null;
}

export const readOne = (target: FuzzTarget, bytes: Uint8Array): ReadOutcome => {
  const began = performance.now();
  const late = (): string | null => {
    const took = performance.now() - began;
    return took > longestRead ? `took ${Math.round(took)} ms` : null;
  };
  try {
    return { way: target.read(bytes), problem: late() };
  } catch (error) {
    if (error instanceof LinkError) return { way: error.message, problem: late() };
    return { way: 'broke', problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

/** For promises that a target checks of itself. */
export const expectThat = (holds: boolean, promise: string): void => {
  if (!holds) throw new Error(`broken promise: ${promise}`);
};
