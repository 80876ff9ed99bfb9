import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest as test } from '#support/folder-test.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { createStartedWell, noteStartedWell } from './started-well.ts';

describe('a version has started well', () => {
  test('once its page shows something with the kiosk behind it, and not before', () => {
    let times = 0;
    const startedWell = createStartedWell(() => (times += 1));
    startedWell.alive(true);
    startedWell.made();
    expect(times).toBe(0);
    startedWell.alive(false);
    expect(times).toBe(0);
    startedWell.alive(true);
    startedWell.alive(true);
    expect(times).toBe(1);
  });

  test('and says so where it is looked for, and to nobody where nothing was ever installed', async ({
    folder,
  }) => {
    const logger = createRecordingLogger();
    await noteStartedWell(folder, '0.3.1', logger);
    expect(await readFile(join(folder, 'started-well'), 'utf8')).toBe('0.3.1\n');
    await noteStartedWell(join(folder, 'none'), '0.3.1', logger);
    expect(logger.lines.map(({ event }) => event)).toEqual(['started well', 'started well']);
  });
});
