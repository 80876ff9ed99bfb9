/** What `docs/recipes.md` says of how little a new call or route touches, held for the ones that there are. */
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { callNames, streamNames } from '#shared/ipc/contract.ts';

const sources = async (...patterns: string[]): Promise<ReadonlyMap<string, string>> => {
  const paths = globSync(patterns).filter((path) => !path.endsWith('.test.ts'));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
};
const filesThatName = (files: ReadonlyMap<string, string>, name: RegExp): string[] =>
  [...files].filter(([, text]) => name.test(text)).map(([path]) => path);

it('a call from the page is named in its contract and its handler, and nowhere between the two', async () => {
  const between = await sources('shared/ipc/*.ts', 'electron/desktop/*.ts', 'electron/kiosk/ipc/*.ts');
  const handlers = await sources('electron/kiosk/kiosk-calls.ts');
  expect(between.size).toBeGreaterThan(20);
  for (const name of callNames) {
    // As a property or a string: a word of a comment names nothing.
    const named = new RegExp(`^\\s+${name}: |'(call:)?${name}'`, 'm');
    expect([name, filesThatName(between, named)]).toEqual([name, ['shared/ipc/contract.ts']]);
    expect(filesThatName(handlers, named)).toHaveLength(1);
  }
  for (const name of streamNames) expect(filesThatName(between, new RegExp(`'stream:${name}'`))).toEqual([]);
});
