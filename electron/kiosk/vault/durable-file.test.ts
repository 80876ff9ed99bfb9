import { linkSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, vi } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { eraseFile, readIfPresent, writeDurably } from './durable-file.ts';

/** What reached the disk in which order; what is only written may be lost with the power. */
const done = vi.hoisted((): string[] => []);
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  const open: typeof original.open = async (path, ...rest) => {
    const file = await original.open(path, ...rest);
    const sync = file.sync.bind(file);
    file.sync = () => {
      done.push(`flush ${basename(String(path))}`);
      return sync();
    };
    return file;
  };
  const rename: typeof original.rename = (from, to) => {
    done.push(`rename ${basename(String(from))}`);
    return original.rename(from, to);
  };
  const rm: typeof original.rm = (path, options) => {
    done.push(`remove ${basename(String(path))}`);
    return original.rm(path, options);
  };
  return { ...original, open, rename, rm };
});

const test = folderTest.extend('path', ({ folder }) => join(folder, 'keys'));
const flushFolder = (folder: string): string => `flush ${basename(folder)}`;

test('a replacement is on the disk before it takes the place, and the place before it is said to be done', async ({
  folder,
  path,
}) => {
  await writeDurably(path, 'first');
  done.length = 0;
  await writeDurably(path, 'second');
  const steps = done.filter((step) => step !== 'remove keys.new');
  expect(steps).toEqual(
    process.platform === 'win32'
      ? ['flush keys.new', 'rename keys.new']
      : ['flush keys.new', 'rename keys.new', flushFolder(folder)],
  );
  expect(readFileSync(path, 'utf8')).toBe('second');
});

test.skipIf(process.platform === 'win32')(
  'only its owner may read it, whatever it replaces',
  async ({ path }) => {
    writeFileSync(path, 'open to all', { mode: 0o644 });
    writeFileSync(`${path}.new`, 'cut short', { mode: 0o644 });
    await writeDurably(path, 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  },
);

test('what is erased is overwritten first, and so is a replacement that was cut short', async ({
  folder,
  path,
}) => {
  for (const name of ['keys', 'keys.new']) {
    writeFileSync(join(folder, name), 'the secret');
    // Another name for the same bytes: what an undelete would bring back.
    linkSync(join(folder, name), join(folder, `${name}.undeleted`));
  }
  done.length = 0;
  await eraseFile(path);
  expect(readdirSync(folder).sort()).toEqual(['keys.new.undeleted', 'keys.undeleted']);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name)).equals(Buffer.alloc('the secret'.length))).toBe(true);
  }
  expect(done.indexOf('flush keys')).toBeLessThan(done.indexOf('remove keys'));
  if (process.platform !== 'win32') expect(done.at(-1)).toBe(flushFolder(folder));
});

test('nothing there is nothing to read and nothing to erase', async ({ path }) => {
  expect(await readIfPresent(path)).toBeNull();
  await expect(eraseFile(path)).resolves.toBeUndefined();
});
