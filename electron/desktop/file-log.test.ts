/** The desktop's log, written by a process that runs where no package says what it is called. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const module = new URL('file-log.ts', import.meta.url).href;

test('what is logged is in the file, whatever the folder is that the program was started in', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'file-log-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const program = `
    const { createFileLog } = await import(${JSON.stringify(module)});
    createFileLog(${JSON.stringify(dir)}, () => 0).info('kiosk.started');`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: parse(dir).root,
  });
  expect(await readFile(join(dir, 'kiosk.log'), 'utf8')).toContain('kiosk.started');
});
