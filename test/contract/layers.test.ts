/** Proves that every row of the layer table bites: a forbidden import in a throw-away tree is reported under its rule. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { expect } from 'vitest';
import { fileFolderTest } from '#support/folder-test.ts';
import { forbidden, options } from '../../dependency-cruiser.config.ts';

const bites: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ['no-circular', 'shared/a.ts', './b.ts'],
  ['not-resolvable', 'shared/missing.ts', './nowhere.ts'],
  ['shared-alone', 'shared/bad.ts', '../electron/kiosk/locks/ok.ts'],
  ['shared-alone', 'shared/bad-node.ts', 'node:fs'],
  ['temporal-in-rights', 'shared/models/bad-temporal.ts', 'temporal-polyfill'],
  ['workbooks-in-lists', 'backend/bad-workbook.ts', 'hucre'],
  ['workbooks-in-lists', 'electron/kiosk/locks/bad-workbook.ts', 'hucre'],
  ['preload-small', 'electron/desktop/preload.ts', '../kiosk/locks/ok.ts'],
  ['renderer-in-its-sandbox', 'renderer/bad.ts', '../electron/kiosk/locks/ok.ts'],
  ['renderer-no-node', 'renderer/bad-node.ts', 'node:fs'],
  ['kiosk-knows-no-electron', 'electron/kiosk/locks/bad-electron.ts', 'electron'],
  ['kiosk-knows-no-electron', 'electron/kiosk/locks/bad-host.ts', '../../desktop/ok.ts'],
  ['kiosk-imports', 'electron/kiosk/locks/bad-test.ts', '../../../test/ok.ts'],
  ['rxdb-in-data', 'electron/kiosk/locks/bad-rxdb.ts', 'rxdb'],
  ['noble-in-radio', 'electron/kiosk/locks/bad-noble.ts', '@abandonware/noble'],
  ['crypto-in-its-folders', 'electron/kiosk/locks/bad-crypto.ts', 'node:crypto'],
  ['visit-below', 'electron/kiosk/visit/bad.ts', '../locks/ok.ts'],
  ['platform-bottom', 'electron/kiosk/platform/bad.ts', '../data/ok.ts'],
  ['radio-below', 'electron/kiosk/radio/bad.ts', '../link/wire/ok.ts'],
  ['link-wire-both-ends', 'electron/kiosk/link/wire/bad.ts', '../kiosk/ok.ts'],
  ['link-kiosk-end', 'electron/kiosk/link/kiosk/bad.ts', '../lock/ok.ts'],
  ['link-lock-end', 'electron/kiosk/link/lock/bad.ts', '../kiosk/ok.ts'],
  ['lock-end-outside', 'electron/kiosk/locks/bad-lock-end.ts', '../link/lock/ok.ts'],
  ['composed-once', 'electron/kiosk/locks/bad-composition.ts', '../composition/ok.ts'],
  ['hosts-imports', 'electron/desktop/bad.ts', '../../backend/ok.ts'],
  ['hosts-apart', 'electron/browser-host/bad.ts', '../desktop/ok.ts'],
  ['only-desktop-electron', 'electron/browser-host/bad-electron.ts', 'electron'],
  ['backend-alone', 'backend/bad.ts', '../electron/kiosk/locks/ok.ts'],
  ['simulators-imports', 'test/simulators/bad.ts', '../../electron/kiosk/data/ok.ts'],
  ['simulators-imports', 'test/simulators/bad-end.ts', '../../electron/kiosk/link/kiosk/ok.ts'],
];
const harmless = [
  'electron/kiosk/locks/ok.ts',
  'electron/kiosk/composition/ok.ts',
  'electron/kiosk/data/ok.ts',
  'electron/kiosk/link/wire/ok.ts',
  'electron/kiosk/link/kiosk/ok.ts',
  'electron/kiosk/link/lock/ok.ts',
  'electron/desktop/ok.ts',
  'backend/ok.ts',
  'test/ok.ts',
];
const library = (name: string): readonly [string, string][] => [
  [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
  [`node_modules/${name}/index.js`, 'module.exports = {};\n'],
];

const test = fileFolderTest.extend('found', { scope: 'file' }, async ({ folder: tree }) => {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  };
  for (const name of ['electron', 'rxdb', 'temporal-polyfill', 'hucre', '@abandonware/noble']) {
    for (const [file, text] of library(name)) write(file, text);
  }
  for (const file of harmless) write(file, 'export const fine = 1;\n');
  for (const [, file, imports] of bites) write(file, `import '${imports}';\n`);
  write('shared/b.ts', "import './a.ts';\n");
  const result = await cruise(['shared', 'electron', 'renderer', 'backend', 'test'], {
    ...options,
    tsConfig: {},
    baseDir: tree,
    validate: true,
    ruleSet: { forbidden },
  });
  if (typeof result.output === 'string') throw new Error(result.output);
  return result.output.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
});
test.beforeAll(({ found: _found }) => undefined);

test.for(bites)('%s reports %s importing %s', ([rule, file], { found }) => {
  expect(found).toContain(`${rule} ${file}`);
});

test.for(harmless)('%s is not reported', (file, { found }) => {
  expect(found.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
});

test('every rule of the table has an import that it reports', () => {
  const proven = new Set(bites.map(([rule]) => rule));
  expect(forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
});
