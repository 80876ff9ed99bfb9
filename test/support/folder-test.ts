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
