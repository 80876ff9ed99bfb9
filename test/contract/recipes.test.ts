/** What `docs/recipes.md` says of how little a new call or route touches, held for the ones that there are. */
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operatorRoutes } from '#backend/admin/routes.ts';
import type { RouteDefinition } from '#shared/http/define.ts';
import { routes } from '#shared/http/routes.ts';
import { callNames, streamNames } from '#shared/ipc/contract.ts';

const sources = async (...patterns: string[]): Promise<ReadonlyMap<string, string>> => {
  const paths = globSync(patterns).filter((path) => !path.endsWith('.test.ts'));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
};
const filesThatName = (files: ReadonlyMap<string, string>, name: RegExp): string[] =>
  [...files].filter(([, text]) => name.test(text)).map(([path]) => path);

/** The contract and the parts of it that have a file of their own. */
const contracts = /^shared\/ipc\/(contract|[a-z-]+-calls)\.ts$/;

it('a call from the page is named in its contract and its handler, and nowhere between the two', async () => {
  const between = await sources('shared/ipc/*.ts', 'electron/desktop/*.ts', 'electron/kiosk/ipc/*.ts');
  const handlers = await sources('electron/kiosk/kiosk-calls.ts');
  expect(between.size).toBeGreaterThan(20);
  for (const name of callNames) {
    // As a property or a string: a word of a comment names nothing.
    const named = new RegExp(`^\\s+${name}: |'(call:)?${name}'`, 'm');
    const naming = filesThatName(between, named);
    expect([name, naming]).toEqual([name, [expect.stringMatching(contracts)]]);
    expect(filesThatName(handlers, named)).toHaveLength(1);
  }
  for (const name of streamNames) expect(filesThatName(between, new RegExp(`'stream:${name}'`))).toEqual([]);
});

/** As with calls: a part of the operator's routes may have a file of its own. */
const partsOfRoutes = /^backend\/admin\/[a-z-]+-routes\.ts$/;

const tables: readonly (readonly [contract: string, Readonly<Record<string, RouteDefinition>>])[] = [
  ['shared/http/routes.ts', routes],
  ['backend/admin/routes.ts', operatorRoutes],
];

it.each(tables)(
  'a route of %s has one handler, and its path stands nowhere else',
  async (contract, table) => {
    const product = await sources('shared/http/*.ts', 'backend/**/*.ts', 'electron/kiosk/**/*.ts');
    // The vendor's API has routes of its own.
    const isElse = (file: string): boolean =>
      file !== contract && !partsOfRoutes.test(file) && !file.endsWith('/live-lock-api.ts');
    const elsewhere = new Map([...product].filter(([file]) => isElse(file)));
    const handlers = await sources('backend/http/*-handlers.ts');
    for (const [name, { path }] of Object.entries(table)) {
      // As a property, or one that is shorthand.
      expect([name, filesThatName(handlers, new RegExp(`^(?: {2}| {4})${name}(: |,$)`, 'm'))]).toEqual([
        name,
        [expect.any(String)],
      ]);
      expect([path, filesThatName(elsewhere, new RegExp(`['"\`]${path}['"\`?]`))]).toEqual([path, []]);
    }
  },
);

it('the kiosk reaches the backend in two places, a request and the stream, and the update channel in two', async () => {
  const kiosk = await sources('electron/kiosk/**/*.ts');
  const sites = [...kiosk].flatMap(([path, text]) =>
    [...text.matchAll(/(?<![\w.])fetch\(/g)].map(() => path),
  );
  const client = 'electron/kiosk/backend/client.ts';
  const channel = ['electron/kiosk/updates/channel.ts', 'electron/kiosk/updates/download.ts'];
  expect(sites.sort()).toEqual([client, client, ...channel]);
});
