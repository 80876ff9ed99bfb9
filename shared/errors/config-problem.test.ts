import { expect, test } from 'vitest';
import { z } from 'zod';
import { configProblem } from './config-problem.ts';
import { valueProblem } from './value-problem.ts';

const schema = z.strictObject({
  url: z.string().regex(/^https/, 'must be https'),
  folder: z.string(),
  radio: z.strictObject({ port: z.int() }).optional(),
});
const problemOf = (value: unknown) => {
  const { error } = schema.safeParse(value, { error: valueProblem });
  return error && configProblem(error, value);
};

test('all that is missing is told at once, before what is wrong', () => {
  expect(problemOf({})).toEqual({ path: 'url, folder', problem: 'are missing' });
  expect(problemOf({ url: 'ftp', radio: {} })).toEqual({
    path: 'folder, radio.port',
    problem: 'are missing',
  });
  expect(problemOf({ url: 'https' })).toEqual({ path: 'folder', problem: 'is missing' });
});

test('else the first thing that is wrong, and no value of it', () => {
  expect(problemOf({ url: 'secret', folder: '/a' })).toEqual({ path: 'url', problem: 'must be https' });
  expect(problemOf({ url: 'https', folder: 7 })).toEqual({ path: 'folder', problem: 'is no text' });
  expect(JSON.stringify(problemOf({ url: 'https', folder: '/a', secret: 1 }))).not.toContain('1');
});
