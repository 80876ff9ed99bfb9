import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ancestorsToNpm } from './orphaned.ts';

const tree = (...processes: readonly (readonly [number, string, number])[]) => {
  const all = new Map(processes.map(([pid, name, parent]) => [pid, { pid, name, parent }]));
  return (pid: number) => all.get(pid) ?? null;
};

test('npm is looked for above the shell that it starts, and not beyond itself', () => {
  const look = tree([9, 'sh', 8], [8, 'npm start', 7], [7, 'bash', 1], [1, 'init', 0]);
  expect(ancestorsToNpm(9, look)).toEqual([9, 8]);
  expect(ancestorsToNpm(8, look)).toEqual([8]);
});

test('without npm it is the parent alone: whose terminal this is does not matter', () => {
  expect(ancestorsToNpm(7, tree([7, 'bash', 1], [1, 'init', 0]))).toEqual([7]);
  expect(ancestorsToNpm(7, tree())).toEqual([7]);
});

test('a script whose parent is ended is told so', async () => {
  const module = fileURLToPath(new URL('./orphaned.ts', import.meta.url));
  const script = `
    const { onOrphaned } = await import(${JSON.stringify(module)});
    const awake = setInterval(() => undefined, 1_000);
    onOrphaned(() => { clearInterval(awake); console.log('orphaned'); });
    console.log('ready');`;
  // The shell waits for the script, as npm's does.
  const shell = spawn('sh', ['-c', '"$0" --input-type=module -e "$1"; true', process.execPath, script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: 20_000 }).toContain('ready');
  shell.kill('SIGKILL');
  await once(shell, 'exit');
  await expect.poll(() => said, { timeout: 20_000 }).toContain('orphaned');
});
