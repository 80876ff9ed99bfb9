/** How one collection takes rows from the backend: parse each, keep out what does not fit, hand on the rest. */
import type { z } from 'zod';
import type { PulledRow } from './replica.ts';

export interface PageTarget<T> {
  write(documents: readonly T[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface PageOutcome {
  readonly valid: ReadonlySet<string>;
  readonly invalid: readonly { readonly id: string; readonly problem: string }[];
}

export type TakePage = (rows: readonly PulledRow[]) => Promise<PageOutcome>;

export const createTakePage = <T>(
  schema: z.ZodType<T>,
  primaryKey: string & keyof T,
  target: PageTarget<T>,
): TakePage => {
  return async (rows) => {
    const documents: T[] = [];
    const removed: string[] = [];
    const valid = new Set<string>();
    const invalid: { id: string; problem: string }[] = [];
    for (const row of rows) {
      const { deleted, ...fields } = row;
      const key = fields[primaryKey];
      const id = typeof key === 'string' ? key : `version ${row.version}`;
      if (deleted && typeof key === 'string') {
        removed.push(id);
        valid.add(id);
        continue;
      }
      const parsed = schema.safeParse(fields);
      if (parsed.success) {
        documents.push(parsed.data);
        valid.add(id);
      } else {
        invalid.push({ id, problem: parsed.error.issues[0]?.path.join('.') ?? '' });
      }
    }
    if (documents.length > 0) await target.write(documents);
    if (removed.length > 0) await target.remove(removed);
    return { valid, invalid };
  };
};
