/** A set of sequence numbers as ranges: as small as its gaps are few. */
import { z } from 'zod';
import { readJson } from '#shared/models/json.ts';

/** First and last of each range, in their order; between two of them is a gap. */
export type SequenceRanges = readonly (readonly [first: number, last: number])[];

export const addSequences = (ranges: SequenceRanges, sequences: readonly number[]): SequenceRanges => {
  const joined: [number, number][] = [];
  const added = sequences.map((sequence): [number, number] => [sequence, sequence]);
  for (const [first, last] of [...ranges, ...added].sort(([a], [b]) => a - b)) {
    const newest = joined.at(-1);
    if (newest && first <= newest[1] + 1) newest[1] = Math.max(newest[1], last);
    else joined.push([first, last]);
  }
  return joined;
};

/** What of it lies from the one to the other, both included. */
export const sequencesWithin = (ranges: SequenceRanges, from: number, to: number): SequenceRanges =>
  ranges.flatMap(([first, last]): SequenceRanges => {
    const [start, end] = [Math.max(first, from), Math.min(last, to)];
    return start <= end ? [[start, end]] : [];
  });

export const hasSequence = (ranges: SequenceRanges, sequence: number): boolean => {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.[1] ?? Infinity) < sequence) low = middle + 1;
    else high = middle;
  }
  return (ranges[low]?.[0] ?? Infinity) <= sequence;
};

export const countSequences = (ranges: SequenceRanges): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** How many are not in the set, how many are, and so on from 1: `[2,3]` is 3 to 5. */
const textSchema = z.array(z.int().min(0)).refine(({ length }) => length % 2 === 0);

export const sequencesText = (ranges: SequenceRanges): string =>
  JSON.stringify(
    ranges.flatMap(([first, last], n) => [first - (ranges[n - 1]?.[1] ?? 0) - 1, last - first + 1]),
  );

/** null: not such a text. */
export const readSequences = (text: string): SequenceRanges | null => {
  const counts = readJson(textSchema, text);
  if (!counts) return null;
  const ranges: [number, number][] = [];
  let end = 0;
  counts.forEach((count, n) => {
    if (n % 2 === 1 && count > 0) ranges.push([end + 1, end + count]);
    end += count;
  });
  return ranges;
};
