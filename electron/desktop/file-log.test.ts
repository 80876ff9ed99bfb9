/** The desktop's log, written by a process that runs where no package says what it is called. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

test('a line that a full disk, or a sudden end, has cut short spoils none that comes after it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'file-log-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'kiosk.log');
  await writeFile(path, '{"event":"cut by a sudden en');
  const program = `
    const { readFileSync, rmSync, symlinkSync, writeFileSync } = await import('node:fs');
    const { createFileLog } = await import(${JSON.stringify(module)});
    const path = ${JSON.stringify(path)};
    const log = createFileLog(${JSON.stringify(dir)}, () => 0);
    log.info('after the start');
    const before = readFileSync(path);
    rmSync(path);
    symlinkSync('/dev/full', path);
    log.info('not taken');
    rmSync(path);
    writeFileSync(path, Buffer.concat([before, Buffer.from('{"event":"cut by a full di')]));
    log.info('once there is room');
    log.info('and after');`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const whole = lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as { event: string }] : []));
  expect(whole.map(({ event }) => event)).toEqual(['after the start', 'once there is room', 'and after']);
  expect(lines).toHaveLength(5);
});
