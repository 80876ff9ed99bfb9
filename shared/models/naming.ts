import { z } from 'zod';
import { labelSchema, nameSchema } from './primitives.ts';

/** What a lock is called, and where it hangs; the group may be empty. */
export const namingSchema = z.strictObject({ name: nameSchema, group: labelSchema(60) });
export type Naming = z.infer<typeof namingSchema>;

export const isSameName = (one: Naming, other: Naming): boolean =>
  one.name === other.name && one.group === other.group;
