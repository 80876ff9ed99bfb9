import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from './logger.ts';
import { keepToOwner } from './owner-only.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchpoint-owner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const modeOf = (...path: string[]): number => statSync(join(folder, ...path)).mode & 0o777;

test.skipIf(process.platform === 'win32')(
  'what an earlier release left open to others is closed',
  async () => {
    mkdirSync(join(folder, 'data', 'vault'), { recursive: true });
    for (const file of ['kiosk.db', 'kiosk.db-wal', 'vault/k1']) {
      writeFileSync(join(folder, 'data', file), '');
      chmodSync(join(folder, 'data', file), 0o644);
    }
    for (const each of ['data', 'data/vault']) chmodSync(join(folder, each), 0o755);
    await keepToOwner(join(folder, 'data'), silentLogger);
    expect([modeOf('data'), modeOf('data', 'vault')]).toEqual([0o700, 0o700]);
    for (const file of ['kiosk.db', 'kiosk.db-wal', 'vault/k1']) expect(modeOf('data', file)).toBe(0o600);
  },
);

test.skipIf(process.platform === 'win32')('it gives nobody anything and follows no link', async () => {
  mkdirSync(join(folder, 'data'), { mode: 0o500 });
  writeFileSync(join(folder, 'elsewhere'), '');
  chmodSync(join(folder, 'elsewhere'), 0o644);
  chmodSync(join(folder, 'data'), 0o700);
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'data', 'link'));
  chmodSync(join(folder, 'data'), 0o500);
  await keepToOwner(join(folder, 'data'), silentLogger);
  expect(modeOf('data')).toBe(0o500);
  expect(modeOf('elsewhere')).toBe(0o644);
});
