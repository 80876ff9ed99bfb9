/** What a list may be at the most. */
import type { CsvProblem } from '#shared/lists/csv.ts';

export const listLimits = {
  /** Of the file as it is sent. */
  bytes: 2 * 1024 * 1024,
  /** Of a workbook, all of its parts together. */
  unpackedBytes: 32 * 1024 * 1024,
  /** With the headers. */
  rows: 5001,
  cellsOfRow: 50,
  readMs: 10_000,
  /** Of the thread that a workbook is read in, in MiB. */
  readMemory: 512,
} as const;

/** What is wrong with a list before any line is looked at. */
export type FileProblem =
  | CsvProblem
  | 'empty'
  | 'not_utf8'
  | 'not_a_workbook'
  | 'too_large_unpacked'
  | 'too_slow'
  /** Far from the list, where nobody looks. */
  | 'far_cell'
  | 'no_header'
  | 'too_many_pins';
