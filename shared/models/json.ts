/** Reading JSON that may be torn, or somebody else's. */
import type { z } from 'zod';

/** What the text says; undefined where it is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The same by a schema; null where there is no text, or one that says something else. */
export const readJson = <T>(schema: z.ZodType<T>, text: string | null): T | null =>
  text === null ? null : (schema.safeParse(parseJson(text)).data ?? null);
