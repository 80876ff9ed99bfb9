/** Whatever a store that works has written, on the kiosk, at the backend and into a backup, is open to its owner alone. */
import { execFile } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, chmodSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, test as base } from 'vitest';
import { z } from 'zod';
import { storeId } from '#support/simulated-store/seed.ts';
import { startSimulatedStore } from '#support/simulated-store/store.ts';
import { smokeStory } from '../../build/scripts/smoke-story.ts';

const run = promisify(execFile);
const withinMs = 240_000;
const dataDir = mkdtempSync(join(tmpdir(), 'latchpoint-modes-'));
// PostgreSQL's user has to get through, so that its files lie where they are looked at.
chmodSync(dataDir, 0o755);
const kiosksSchema = z.looseObject({ kiosks: z.array(z.looseObject({ kioskId: z.string() })) });

const test = base
  /** The most careless machine there is: what is not said with a mode of its own is open to all. */
  .extend('umaskBefore', { scope: 'file' }, ({}, { onCleanup }) => {
    const umaskBefore = process.umask(0);
    onCleanup(() => {
      process.umask(umaskBefore);
      rmSync(dataDir, { recursive: true, force: true });
    });
    return umaskBefore;
  })
  .extend('store', { scope: 'file' }, async ({ umaskBefore: _umaskBefore }, { onCleanup }) => {
    const store = await startSimulatedStore({ dataDir, kioskPort: 0, panelPort: 0, registers: true });
    onCleanup(() => store.dispose());
    for (const step of smokeStory(store)) await step.run();
    return store;
  });

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ store: _store }) => undefined, withinMs);

/** Each file and folder below (links are none), with its mode, that is not 0600 or 0700; how many were looked at. */
const openOnes = (folder: string): { readonly looked: number; readonly open: readonly string[] } => {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const open: string[] = [];
  for (const path of paths) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    // Gone since it was listed: PostgreSQL goes on working.
    if (!entry || entry.isSymbolicLink()) continue;
    const mode = entry.mode & 0o777;
    if (mode !== (entry.isDirectory() ? 0o700 : 0o600)) {
      open.push(`${relative(folder, path)} ${mode.toString(8)}`);
    }
  }
  return { looked: paths.length, open };
};

test('the files of a kiosk that has enrolled and unlocked are its owner’s alone', () => {
  expect(statSync(join(dataDir, 'kiosk')).mode & 0o777).toBe(0o700);
  const { looked, open } = openOnes(join(dataDir, 'kiosk'));
  expect(looked).toBeGreaterThan(3);
  expect(open).toEqual([]);
});

test('the files of the backend’s own PostgreSQL are its owner’s alone', () => {
  const { looked, open } = openOnes(join(dataDir, 'backend'));
  expect(looked).toBeGreaterThan(500);
  expect(open).toEqual([]);
});

test(
  'a backup is its owner’s alone, and so is what is restored from it',
  async () => {
    const backup = join(dataDir, 'backup');
    const restored = join(dataDir, 'restored');
    const cli = (name: string, from: string) =>
      run(process.execPath, [`backend/cli/${name}.ts`, backup], { env: { ...process.env, DATA_DIR: from } });
    await cli('backup', join(dataDir, 'backend'));
    expect(openOnes(backup)).toMatchObject({ open: [] });
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    expect(statSync(join(backup, 'base.tar')).size).toBeGreaterThan(1_000_000);
    await cli('restore', restored);
    // PostgreSQL's user passes through it, where the backend is root.
    expect(statSync(restored).mode & 0o066).toBe(0);
    const { looked, open } = openOnes(restored);
    expect(looked).toBeGreaterThan(500);
    expect(open).toEqual([]);
  },
  withinMs,
);

test(
  'what a revoked kiosk leaves is its owner’s alone',
  async ({ store }) => {
    const { kiosks } = kiosksSchema.parse(await store.admin.get(`/stores/${storeId}/kiosks`));
    for (const { kioskId } of kiosks) {
      await store.admin.send('POST', `/kiosks/${kioskId}/revoke`, { reason: 'replaced' });
    }
    await store.killKiosk();
    await store.startKiosk();
    const { looked, open } = openOnes(join(dataDir, 'kiosk'));
    expect(looked).toBeGreaterThan(0);
    expect(open).toEqual([]);
  },
  withinMs,
);
