/** A data folder that cannot be one is said with its key, and nothing waits for ever. */
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { folderTest } from '#support/folder-test.ts';
import { makeDataFolder } from './data-folder.ts';

const source = '/etc/latchpoint/kiosk.json';
const outcomeOf = (path: string) =>
  makeDataFolder(path, source).then(
    () => 'made',
    (error: unknown) => (error instanceof AppFailure ? error.error : error),
  );
const wrong = (problem: string) => ({
  code: 'config.invalid',
  params: { source, path: 'dataDir', problem },
});
const isRoot = process.getuid?.() === 0;

describe('the data folder', () => {
  folderTest(
    'is made with those above it, for its owner alone, and is taken as it is',
    async ({ folder }) => {
      const path = join(folder, 'a', 'b');
      expect([await outcomeOf(path), await outcomeOf(path)]).toEqual(['made', 'made']);
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    },
  );

  folderTest('that is a file, or below one, is none', async ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'data')])
      expect(await outcomeOf(path)).toEqual(wrong('leads through what is no folder'));
  });

  folderTest.skipIf(process.platform === 'win32')('that leads in a circle is none', async ({ folder }) => {
    symlinkSync(join(folder, 'one'), join(folder, 'two'));
    symlinkSync(join(folder, 'two'), join(folder, 'one'));
    expect(await outcomeOf(join(folder, 'one', 'data'))).toEqual(wrong('leads in a circle'));
  });

  folderTest('that may not be written, or made, is said so', async ({ folder }) => {
    const refused = wrong('may not be read and written by who runs the kiosk');
    // Nobody makes folders there, root included.
    if (existsSync('/dev/pts')) expect(await outcomeOf('/dev/pts/latchpoint')).toEqual(refused);
    if (isRoot || process.platform === 'win32') return;
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    for (const path of [closed, join(closed, 'data')]) expect(await outcomeOf(path)).toEqual(refused);
    chmodSync(closed, 0o700);
  });

  folderTest.skipIf(!existsSync('/proc/self'))(
    'in a file system that makes none is refused at once',
    async () => {
      expect(await outcomeOf('/proc/latchpoint/data')).toEqual(wrong('is not there, and cannot be made'));
    },
  );
});
