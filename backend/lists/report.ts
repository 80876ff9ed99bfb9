/** What a list would change, or has changed, and what is wrong with it. */
import { z } from 'zod';
import { uuidSchema } from '#shared/models/primitives.ts';
import { faultCodes, type CellFault } from '#shared/lists/faults.ts';
import type { FaultAt } from '#shared/lists/columns.ts';

/** Beyond them they are counted alone. */
const mostFaults = 1000;
const longestGiven = 100;

export const faultSchema = z.strictObject({
  line: z.int(),
  column: z.string(),
  code: z.enum(faultCodes),
  given: z.string().nullable(),
  words: z.string(),
  likely: z.string().nullable(),
});

export const reportSchema = z.strictObject({
  /** True: nothing was changed, whatever is said here. */
  dryRun: z.boolean(),
  counts: z.strictObject({
    new: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    /** What the store has and the list does not name. */
    leftAlone: z.int(),
    faults: z.int(),
  }),
  changes: z.array(
    z.strictObject({
      line: z.int(),
      change: z.enum(['new', 'changed']),
      name: z.string(),
      employeeNumber: z.string().nullable().optional(),
      staffId: uuidSchema.optional(),
      serialNumber: z.string().optional(),
      /** What is other than it was. */
      fields: z.array(z.string()),
      /** Somebody new who has no PIN yet, and so does not sign in. */
      withoutPin: z.literal(true).optional(),
    }),
  ),
  faults: z.array(faultSchema),
});
export type Report = z.input<typeof reportSchema>;
export type Change = Report['changes'][number];

export const reportOf = (given: {
  readonly dryRun: boolean;
  /** Lines that say what is so already. */
  readonly unchanged: number;
  readonly held: number;
  /** How many lines name somebody or something that is there. */
  readonly met: number;
  readonly changes: readonly Change[];
  readonly faults: readonly FaultAt[];
}): Report => {
  const { dryRun, changes } = given;
  const isNew = changes.filter(({ change }) => change === 'new').length;
  const faults = given.faults.toSorted((a, b) => a.line - b.line);
  return {
    dryRun,
    counts: {
      new: isNew,
      changed: changes.length - isNew,
      unchanged: given.unchanged,
      leftAlone: given.held - given.met,
      faults: faults.length,
    },
    changes: [...changes],
    faults: faults
      .slice(0, mostFaults)
      .map((fault) => ({ ...fault, given: fault.given?.slice(0, longestGiven) ?? null })),
  };
};

export const faultAt = (line: number, column: string, given: string | null, fault: CellFault): FaultAt => ({
  line,
  column,
  given,
  ...fault,
});
