import { describe, expect, it } from 'vitest';
import { collectionNames, collections } from '#shared/models/documents.ts';
import { rxSchemas } from './schemas.ts';

/** What this folder adds to a model. */
const ownFields: Readonly<Record<string, readonly string[]>> = { enrolments: ['pending'] };

describe("RxDB's schemas", () => {
  it.each(collectionNames)('name the same fields and primary key for %s as the model', (name) => {
    const { properties, primaryKey } = rxSchemas[name];
    const expected = [...Object.keys(collections[name].schema.shape), ...(ownFields[name] ?? [])];
    expect(Object.keys(properties).sort()).toEqual(expected.sort());
    expect(primaryKey).toBe(collections[name].primaryKey);
  });
});
