/**
 * The ranges of sequence numbers that never came, kept up to date with every event that does. Pure: what is to be written comes
 * back. Forks and events whose own hash is wrong fill nothing.
 */
import type { JudgedEvent } from './journal-check.ts';

/** Both ends included. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface GapChange {
  /** The highest sequence number that has come. */
  readonly reached: number;
  /** Of those that were given: no longer there as they were. */
  readonly closed: readonly Gap[];
  readonly opened: readonly Gap[];
}

/** The sequence numbers that these events fill, in order, each once. */
export const filledBy = (judged: readonly JudgedEvent[]): number[] => {
  const counted = judged.filter(({ verdict }) => verdict !== 'fork' && verdict !== 'mismatch');
  return [...new Set(counted.map(({ event }) => event.sequence))].sort((a, b) => a - b);
};

/** `around`: the gaps in which any of `filled` lies, which is in order. */
export const fillGaps = (reached: number, around: readonly Gap[], filled: readonly number[]): GapChange => {
  const opened: Gap[] = [];
  const open = (from: number, to: number): void => {
    if (from <= to) opened.push({ from, to });
  };
  for (const gap of around) {
    let next = gap.from;
    for (const sequence of filled) {
      if (sequence < gap.from || sequence > gap.to) continue;
      open(next, sequence - 1);
      next = sequence + 1;
    }
    open(next, gap.to);
  }
  let top = reached;
  for (const sequence of filled) {
    if (sequence <= top) continue;
    open(top + 1, sequence - 1);
    top = sequence;
  }
  return { reached: top, closed: around, opened };
};
