/** Whatever an operator or IT writes that is wrong, what is said of it is the product's own words. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { operatorRoutes } from '#backend/admin/routes.ts';
import { kioskConfigSchema } from '#kiosk/platform/config.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';

/** Each value of an object, in turn, as one that cannot be right. */
const odd = [
  undefined,
  null,
  '',
  ' ',
  '\u0000',
  'x'.repeat(5000),
  -1,
  1e300,
  1.5,
  [],
  [[]],
  {},
  { x: 1 },
  true,
];
const objectsIn = (schema: unknown): Record<string, z.ZodType> =>
  schema instanceof z.ZodObject ? schema.shape : {};

test('no words of the library reach whoever wrote a body, a query or a configuration', () => {
  const schemas = Object.values(operatorRoutes).flatMap((route) =>
    [Reflect.get(route, 'body') as unknown, Reflect.get(route, 'query') as unknown].filter(
      (each) => each instanceof z.ZodType,
    ),
  );
  expect(schemas.length).toBeGreaterThan(15);
  for (const schema of [...schemas, kioskConfigSchema]) {
    const parts = [schema, ...Object.values(objectsIn(schema))];
    for (const part of parts)
      for (const value of [...odd, ...odd.map((each) => [each])])
        for (const { message } of part.safeParse(value, { error: valueProblem }).error?.issues ?? [])
          expect(message).not.toMatch(
            /\bexpected\b|\breceived\b|^Invalid|^Too (small|big)|pattern|Unrecognized/,
          );
  }
});
