import { expect, test } from 'vitest';
import { readCommand } from './command.ts';

const read = (args: readonly string[], dataDir = '/srv/data') =>
  readCommand({ argument: 'TARGET' }, args, dataDir);

test('one argument and DATA_DIR are what it takes; help wants neither', () => {
  expect(read(['/srv/backup'])).toEqual({ given: '/srv/backup', dataDir: '/srv/data' });
  expect(read(['--help'], '')).toBeNull();
  expect(read(['/srv/backup', '-h'])).toBeNull();
});

test.each([
  [[], '/srv/data', 'TARGET'],
  [[''], '/srv/data', 'TARGET'],
  [['a', 'b'], '/srv/data', 'TARGET'],
  // Else a folder of that name would be made.
  [['--dry-run'], '/srv/data', '--dry-run'],
  [['a', '--force'], '/srv/data', '--force'],
  [['a'], '', 'DATA_DIR'],
])('%j with DATA_DIR “%s” is refused, and %s named', (args, dataDir, path) => {
  expect(() => read(args, dataDir)).toThrow(
    expect.objectContaining({
      error: expect.objectContaining({ params: expect.objectContaining({ path }) as unknown }) as unknown,
    }),
  );
});
