import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exists } from './cluster.ts';

test('what cannot be looked at is not taken for gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-cluster-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), '');
  expect(await exists(join(folder, 'file'))).toBe(true);
  expect(await exists(join(folder, 'none'))).toBe(false);
  expect(await exists(join(folder, 'file', 'none'))).toBe(false);
  // A link to itself: an error that even a superuser gets.
  await symlink('loop', join(folder, 'loop'));
  await expect(exists(join(folder, 'loop'))).rejects.toMatchObject({ code: 'ELOOP' });
});
