import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseJson, readJson } from './json.ts';

const schema = z.strictObject({ at: z.number() });

test('what is whole and fits is read', () => {
  expect(parseJson('null')).toBeNull();
  expect(readJson(schema, '{"at":1}')).toEqual({ at: 1 });
});

test.each([null, '', '{"at":', '{"at":"1"}', '{"at":1,"of":"a later release"}', 'null'])(
  '%j is as good as nothing',
  (text) => {
    expect(readJson(schema, text)).toBeNull();
  },
);
