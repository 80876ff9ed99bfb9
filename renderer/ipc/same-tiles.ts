/**
 * The list of locks is long and comes ten times a second, with little changed. What says the same as in the view before is not
 * held against the contract again, and stays the same object, so that nothing that shows it is drawn again.
 */
import { z } from 'zod';
import { locksViewSchema, type LocksView } from '#shared/ipc/views.ts';

const rawSchema = z.strictObject({
  locks: z.array(z.unknown()),
  spares: z.array(z.unknown()).optional(),
  foreign: z.array(z.unknown()),
});
const { locks: locksSchema, foreign: foreignSchema } = locksViewSchema.shape;

/** Whether two values of JSON say the same; the order of keys counts, because the core always writes the same. */
const says = (value: unknown): string => JSON.stringify(value);

/** Parses one list after the other; keeps what the last one held. */
const createListParser = <T>(element: z.ZodType<T>) => {
  let known = new Map<string, T>();
  return (list: readonly unknown[]): readonly T[] | null => {
    const next = new Map<string, T>();
    const values: T[] = [];
    for (const raw of list) {
      const text = says(raw);
      let value = known.get(text);
      if (value === undefined) {
        const parsed = element.safeParse(raw);
        if (!parsed.success) return null;
        value = parsed.data;
      }
      next.set(text, value);
      values.push(value);
    }
    known = next;
    return values;
  };
};

export type LocksParser = (value: unknown) => LocksView | null;

/** null where a view is outside the contract, as the contract's own schema would say. */
export const createLocksParser = (): LocksParser => {
  const parseLocks = createListParser(locksSchema.element);
  const parseSpares = createListParser(locksSchema.element);
  const parseForeign = createListParser(foreignSchema.element);
  return (value) => {
    const raw = rawSchema.safeParse(value);
    if (!raw.success) return null;
    const locks = parseLocks(raw.data.locks);
    const foreign = parseForeign(raw.data.foreign);
    const spares = parseSpares(raw.data.spares ?? []);
    if (!locks || !spares || !foreign) return null;
    return {
      locks: [...locks],
      ...(raw.data.spares && { spares: [...spares] }),
      foreign: [...foreign],
    };
  };
};
