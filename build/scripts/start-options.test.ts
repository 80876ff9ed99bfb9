import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { parseStartOptions } from './start-options.ts';

test('without options: the usual port, data kept, an absolute folder', () => {
  const options = parseStartOptions([]);
  expect(options).toMatchObject({ fresh: false, setUp: false, rights: false, port: 4300, open: true });
  expect(isAbsolute(options.dataDir)).toBe(true);
});

test('every option is read', () => {
  expect(
    parseStartOptions(['--fresh', '--set-up', '--rights', '--data', '/srv/x', '--port', '5000', '--no-open']),
  ).toEqual({
    fresh: true,
    setUp: true,
    rights: true,
    dataDir: '/srv/x',
    port: 5000,
    open: false,
  });
});

test.each([['--frehs'], ['--port', 'abc'], ['--port', '80'], ['--data'], ['--data', ''], ['extra']])(
  'refuses %s %s and names it',
  (...args) => {
    expect(() => parseStartOptions(args)).toThrow(/--|extra/);
  },
);
