import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../errors/table.ts';
import { collections, modelsRevision } from './documents.ts';

/** What each revision can read. A released one never changes; a change of the models takes the next number. */
const readable: Readonly<Record<number, string>> = {
  1: 'e8622bff787cdcee',
  2: 'e5fc6100d42e578b',
  3: '3adb69026910dcf8',
  4: '117b7321e164a4fe',
  5: 'ab14413f74b5cdac',
};

it('what this release can read of what the backend says is what its revision stands for', () => {
  const said = {
    models: Object.values(collections)
      .filter(({ direction }) => direction !== 'push')
      .map(({ schema }) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
    // Those that an enrolment can carry.
    reasons: errorCodes.filter((code) => code.startsWith('enrolment.')),
  };
  // An entry of its own for the digest, so that a failure shows both.
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
  expect({ [modelsRevision]: digest }).toEqual({ [modelsRevision]: readable[modelsRevision] });
});
