import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registerRequestSchema } from '../http/contract.ts';
import { calls } from '../ipc/contract.ts';
import { lockSchema, staffSchema, storeSchema } from './documents.ts';
import { enrolmentSchema } from './enrolment.ts';
import { labelSchema, nameSchema } from './primitives.ts';

const problem = (schema: typeof nameSchema, text: string): string | undefined =>
  schema.safeParse(text).error?.issues[0]?.message;

describe('text', () => {
  test.each([
    ['half of a character at its end', 'Till \ud83d'],
    ['half of a character at its start', '\ude00 till'],
    ['two halves the wrong way round', 'Till \ude00\ud83d!'],
  ])('with %s is refused, and it is said why', (_, text) => {
    expect(problem(nameSchema, text)).toBe('holds half of a character');
    expect(problem(labelSchema(60), text)).toBe('holds half of a character');
  });

  test.each([
    ['U+0000', 'Ti\u0000ll'],
    ['a tab', 'Ti\tll'],
    ['a line break', 'Ti\nll'],
    ['DEL', 'Till\u007f!'],
    ['a C1 control', 'Till\u0085!'],
  ])('with %s is refused, and it is said why', (_, text) => {
    expect(problem(nameSchema, text)).toBe('holds a control character');
    expect(problem(labelSchema(60), text)).toBe('holds a control character');
  });

  test('that is taken is the same after it was written as UTF-8', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 });
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      units.map((all) => String.fromCharCode(...all)),
    );
    fc.assert(
      fc.property(text, (given) => {
        for (const schema of [nameSchema, labelSchema(60)]) {
          const taken = schema.safeParse(given).data;
          if (taken === undefined) continue;
          expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(taken))).toBe(
            taken,
          );
        }
      }),
    );
  });

  test('of any script, and of more than 16 bits, is taken as it is', () => {
    for (const text of ['Kühlschrank 😀', '店長', 'متجر', 'e\u0301tage', '👩‍👩‍👧']) {
      expect(nameSchema.parse(text)).toBe(text);
    }
  });
});

test.each([
  ['a store', storeSchema.shape.name],
  ['a lock', lockSchema.shape.name],
  ["a lock's group", lockSchema.shape.group],
  ["a lock's type", lockSchema.shape.type],
  ['a person', staffSchema.shape.name],
  ['an enrolment', enrolmentSchema.shape.name],
  ["an enrolment's group", enrolmentSchema.shape.group],
  ['a kiosk that registers', registerRequestSchema.shape.name],
  ['a kiosk that is set up at its page', calls.registerKiosk.input.shape.name],
  ['a lock that is enrolled at a page', calls.captureEnrolment.input.shape.name],
  ['the group of a lock that is enrolled at a page', calls.captureEnrolment.input.shape.group],
])('the name of %s is such text', (_, schema) => {
  expect(schema.safeParse('T\ud83d').success).toBe(false);
  expect(schema.safeParse('T\u0007').success).toBe(false);
  expect(schema.safeParse('T').success).toBe(true);
});
