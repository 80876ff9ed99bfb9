import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from 'vitest';
import { folderTest as test } from '#support/folder-test.ts';
import { takeFolder } from './owner.ts';

const inUse = { error: { code: 'storage.in_use' } };

/** A process that takes the folder and keeps it, and what it says: `taken`, or the code of the error. */
const takeElsewhere = async (
  folder: string,
): Promise<{ readonly taker: ChildProcess; readonly said: string }> => {
  const script = `
    import { takeFolder } from ${JSON.stringify(join(import.meta.dirname, 'owner.ts'))};
    await takeFolder(process.argv[1]).then(() => console.log('taken'), ({ error }) => console.log(error.code));
    setInterval(() => undefined, 1000);`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script, folder];
  const taker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise<string>((resolve) => {
    taker.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { taker, said };
};

test('of those that take a folder at the same moment one gets it', async ({ folder }) => {
  const taken = await Promise.allSettled([takeFolder(folder), takeFolder(folder), takeFolder(folder)]);
  const refused = taken.filter((each) => each.status === 'rejected');
  expect(refused.map(({ reason }) => reason as unknown)).toMatchObject([inUse, inUse]);
  for (const each of taken) if (each.status === 'fulfilled') await each.value();
  const giveUp = await takeFolder(folder);
  expect((await stat(join(folder, 'backend.lock'))).mode & 0o777).toBe(0o600);
  await giveUp();
});

test('so it is of processes, and one that is killed has given it up', async ({ folder }) => {
  const first = await Promise.all([takeElsewhere(folder), takeElsewhere(folder), takeElsewhere(folder)]);
  try {
    expect(first.map(({ said }) => said).sort()).toEqual(['storage.in_use', 'storage.in_use', 'taken']);
    await expect(takeFolder(folder)).rejects.toMatchObject(inUse);
  } finally {
    const ended = first.map(({ taker }) => once(taker, 'exit'));
    for (const { taker } of first) taker.kill('SIGKILL');
    await Promise.all(ended);
  }
  await (
    await takeFolder(folder)
  )();
});
