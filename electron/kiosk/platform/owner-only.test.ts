import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { keepToOwner } from './owner-only.ts';

const test = folderTest.skipIf(process.platform === 'win32');
const modeOf = (...path: string[]): number => statSync(join(...path)).mode & 0o777;

test('what an earlier release left open to others is closed', async ({ folder }) => {
  mkdirSync(join(folder, 'data', 'vault'), { recursive: true });
  for (const file of ['kiosk.db', 'kiosk.db-wal', 'vault/k1']) {
    writeFileSync(join(folder, 'data', file), '');
    chmodSync(join(folder, 'data', file), 0o644);
  }
  for (const each of ['data', 'data/vault']) chmodSync(join(folder, each), 0o755);
  await keepToOwner(join(folder, 'data'), silentLogger);
  expect([modeOf(folder, 'data'), modeOf(folder, 'data', 'vault')]).toEqual([0o700, 0o700]);
  for (const file of ['kiosk.db', 'kiosk.db-wal', 'vault/k1'])
    expect(modeOf(folder, 'data', file)).toBe(0o600);
});

test('it gives nobody anything and follows no link', async ({ folder }) => {
  mkdirSync(join(folder, 'data'), { mode: 0o500 });
  writeFileSync(join(folder, 'elsewhere'), '');
  chmodSync(join(folder, 'elsewhere'), 0o644);
  chmodSync(join(folder, 'data'), 0o700);
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'data', 'link'));
  chmodSync(join(folder, 'data'), 0o500);
  await keepToOwner(join(folder, 'data'), silentLogger);
  expect(modeOf(folder, 'data')).toBe(0o500);
  expect(modeOf(folder, 'elsewhere')).toBe(0o644);
});
