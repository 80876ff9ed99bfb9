import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { replace, rebuiltPath } from '../data/storage/set-aside.ts';
import { folderTest } from '#support/folder-test.ts';
import { checkData } from './check-data.ts';

const seenIn = async (dataDir: string): Promise<string> => {
  const { ok, seen } = await checkData({ dataDir });
  return `${String(ok)}: ${seen}`;
};

folderTest(
  'data that is whole, not there yet, set aside or gone is told of as what it is',
  async ({ folder }) => {
    expect(await seenIn(join(folder, 'nowhere'))).toBe('true: none yet');
    const path = join(folder, 'kiosk.db');
    await writeFile(path, 'SQLite');
    expect(await seenIn(folder)).toBe('true: nothing was set aside');
    for (const [count, at] of [
      [1, Date.UTC(2026, 0, 5, 9)],
      [2, Date.UTC(2026, 0, 6, 9)],
    ] as const) {
      await writeFile(rebuiltPath(path), 'SQLite');
      await writeFile(`${path}-wal`, 'log');
      const name = basename(replace(path, at));
      const many = count === 1 ? 'one damaged file is' : '2 damaged files are';
      expect(await seenIn(folder)).toBe(`null: ${many} set aside, the last ${name}: look at the disk`);
    }
    await mkdir(join(folder, 'vault'));
    await writeFile(join(folder, 'vault', 'identity.json'), '{}');
    expect(await seenIn(folder)).toMatch(/^null: 2 damaged/);
    await writeFile(path, '');
    expect(await seenIn(folder)).toMatch(/^false: the kiosk is registered, and its file is gone or empty/);
  },
);

folderTest('a folder that cannot be read is not told of as one without data', async ({ folder }) => {
  const path = join(folder, 'no-folder');
  await writeFile(path, '');
  expect(await seenIn(path)).toMatch(/^null: its folder can't be read by this account \(ENOTDIR\)/);
});
