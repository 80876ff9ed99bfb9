/** Vitest's `test` with a folder of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

/** The folder goes with the test. */
export const folderTest = test.extend('folder', ({ task }, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), `latchpoint-${task.id}-`));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
});

/** The folder is one for the file, and goes with its last test. */
export const fileFolderTest = test.extend('folder', { scope: 'file' }, ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-'));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
});
