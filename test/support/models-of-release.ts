/** What a kiosk of an earlier release reads and writes, as it was kept with that release (`npm run keep-data-fixture`). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { CollectionName } from '#shared/models/documents.ts';

const folder = fileURLToPath(new URL('../fixtures/kiosk-data/', import.meta.url));
type JsonSchema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;
const keptSchema = z.record(
  z.string(),
  z.custom<JsonSchema>((value) => typeof value === 'object' && value !== null),
);

/** Zod reads a pattern without the flag that classes of characters need: which control characters a name may have is left out. */
const withoutClasses = (key: string, value: unknown): unknown =>
  key === 'pattern' && typeof value === 'string' && /\\[pP]\{/.test(value) ? undefined : value;

export interface ModelsOfRelease {
  /** As that release has it in its hands: without the fields that it does not know. Throws where it keeps the row out. */
  readonly read: (collection: CollectionName, row: object) => Record<string, unknown>;
  /** What is wrong with a row that it is asked to store; empty: it is what that release writes. */
  readonly faults: (collection: CollectionName, row: object) => readonly string[];
}

/** `version`: as in the names of the kept files. Of models with one form each; not of `trust`. */
export const modelsOfRelease = (version: string): ModelsOfRelease => {
  const text = readFileSync(`${folder}${version}.models.json`, 'utf8');
  const kept = keptSchema.parse(JSON.parse(text, withoutClasses));
  const modelOf = (collection: CollectionName) => {
    const schema = kept[collection];
    if (!schema?.properties) throw new Error(`${version} has no ${collection} of one form`);
    return { known: Object.keys(schema.properties), model: z.fromJSONSchema(schema) };
  };
  return {
    read: (collection, row) => {
      const { known, model } = modelOf(collection);
      const fields = Object.fromEntries(Object.entries(row).filter(([field]) => known.includes(field)));
      model.parse(fields);
      return fields;
    },
    faults: (collection, row) =>
      modelOf(collection)
        .model.safeParse(row)
        .error?.issues.map(({ message }) => message) ?? [],
  };
};
