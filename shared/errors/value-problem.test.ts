/** What people are told of a value that is wrong, whatever schema finds it. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { registrationCodeSchema } from '../http/registration-code.ts';
import { nameSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { valueProblem } from './value-problem.ts';

const saidOf = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: valueProblem }).error?.issues[0]?.message;

test.each<[z.ZodType, unknown, string]>([
  [z.string(), undefined, 'is missing'],
  [z.string(), 7, 'is no text'],
  [z.int(), 'x', 'is no number'],
  [z.int(), 1.5, 'is no whole number'],
  [z.boolean(), 'yes', 'is neither true nor false'],
  [z.array(z.string()), {}, 'is no list'],
  [z.strictObject({}), [], 'is no object of JSON'],
  [nameSchema, '', 'is empty'],
  [nameSchema, 'x'.repeat(61), 'has more than 60 characters'],
  [nameSchema, 'a\u0000', 'holds a control character'],
  [z.string().min(5), 'x', 'has fewer than 5 characters'],
  [z.array(z.int()).max(1), [1, 2], 'has more than 1 entry'],
  [z.number().min(30), 7, 'is less than 30'],
  [z.number().max(30), 70, 'is more than 30'],
  [z.number().multipleOf(5), 7, 'is no multiple of 5'],
  [uuidSchema, 'x', 'is no UUID'],
  [z.url(), 'x', 'is no address of the Web'],
  [z.iso.date(), 'x', 'is no day (YYYY-MM-DD)'],
  [z.string().regex(/x/), 'y', 'is not of its form'],
  [serialNumberSchema, 'y', 'is no serial number: 16 digits from 0 to 9 and a to f'],
  [z.enum(['a', 'b']), 'c', 'is none of a, b'],
  [z.literal(1), 2, 'is not 1'],
  [z.strictObject({}), { more: 1 }, 'has what is not known here: more'],
  [z.union([z.string(), z.number()]), null, 'is in none of its forms'],
  [z.string().refine(() => false), 'x', 'is not right'],
  [
    registrationCodeSchema,
    'x',
    'is no registration code: four groups of four letters and digits, none of them 0, O, 1 or I',
  ],
])('%#: behind the name of the value', (schema, value, words) => {
  expect(saidOf(schema, value)).toBe(words);
});
