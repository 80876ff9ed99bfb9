import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { fileFolderTest } from '#support/folder-test.ts';

const it = fileFolderTest
  .extend(
    'code',
    ({ folder }) =>
      (lean: boolean, cache: string) => `
  import { createRequire } from 'node:module';
  import { getHeapSpaceStatistics } from 'node:v8';
  import { runLean } from ${JSON.stringify(new URL('lean-process.ts', import.meta.url).href)};
  if (${lean}) runLean(${JSON.stringify(cache)});
  createRequire(${JSON.stringify(join(folder, 'at.cjs'))})('./program.cjs')();
  // As at a start: much that is young at once, a part of which stays.
  const kept = [];
  for (let n = 0; n < 400_000; n += 1) kept[n % 100_000] = { n, text: 'x' + n };
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  console.log(young.space_size / 1e6);
`,
  )
  /** How much room the process has for young objects then, in MB. */
  .extend('youngMbOf', ({ code }) => async (lean: boolean, cache = 'none'): Promise<number> => {
    const args = [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '--eval',
      code(lean, cache),
    ];
    // Not whatever a whole run keeps for all of its processes.
    const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return Number(stdout);
  });
it.beforeAll(async ({ folder }) => {
  // What of it is compiled is kept where there is enough of it.
  await writeFile(join(folder, 'program.cjs'), `module.exports = () => 7;\n${'// a program\n'.repeat(1000)}`);
});

describe('a lean process', () => {
  it('makes no room for young objects beyond what it begins with', async ({ folder, youngMbOf }) => {
    expect(await youngMbOf(true, join(folder, 'first'))).toBeLessThan(5);
    // Else it would show nothing.
    expect(await youngMbOf(false)).toBeGreaterThan(8);
  });

  it('keeps what it has compiled in its folder, and runs all the same where it cannot', async ({
    folder,
    youngMbOf,
  }) => {
    const cache = join(folder, 'second');
    await youngMbOf(true, cache);
    expect(await readdir(cache, { recursive: true })).not.toEqual([]);
    expect(await youngMbOf(true, join(folder, 'program.cjs', 'no-folder'))).toBeLessThan(5);
  });
});
