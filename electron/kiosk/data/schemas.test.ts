import { describe, expect, it } from 'vitest';
import { collectionNames, collections } from '#shared/models/documents.ts';
import { rxSchemas } from './schemas.ts';

/** What this folder adds to a model. */
const ownFields: Readonly<Record<string, readonly string[]>> = { enrolments: ['pending', 'unrecorded'] };

/** A model of several kinds has the fields of all of them. */
const fieldsOf = (name: (typeof collectionNames)[number]): string[] => {
  const { schema } = collections[name];
  const shapes = 'options' in schema ? schema.options.map(({ shape }) => shape) : [schema.shape];
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
};

describe("RxDB's schemas", () => {
  it.each(collectionNames)('name the same fields and primary key for %s as the model', (name) => {
    const { properties, primaryKey } = rxSchemas[name];
    const expected = [...fieldsOf(name), ...(ownFields[name] ?? [])];
    expect(Object.keys(properties).sort()).toEqual(expected.sort());
    expect(primaryKey).toBe(collections[name].primaryKey);
  });
});
