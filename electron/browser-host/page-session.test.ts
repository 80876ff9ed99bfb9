import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { folderTest as it } from '#support/folder-test.ts';
import { createPageSession } from './page-session.ts';

const cookieOf = (setCookie: string | null): string => setCookie?.split(';')[0] ?? '';

it('takes a token once, and only the newest', async ({ folder }) => {
  const session = await createPageSession(folder, seededRandom(1));
  const first = session.issueToken();
  const second = session.issueToken();
  expect(session.spendToken(first)).toBeNull();
  expect(session.spendToken('')).toBeNull();
  const cookie = cookieOf(session.spendToken(second));
  expect(session.spendToken(second)).toBeNull();
  expect(session.admits(`other=1; ${cookie}; more=2`)).toBe(true);
});

it('admits no cookie that it did not make', async ({ folder }) => {
  const session = await createPageSession(folder, seededRandom(1));
  const cookie = cookieOf(session.spendToken(session.issueToken()));
  const [name = '', value = ''] = cookie.split('=');
  for (const forged of [
    undefined,
    '',
    name,
    `${name}=`,
    `${name}=.`,
    `${name}=${value}x`,
    `x${name}=${value}`,
  ]) {
    expect(session.admits(forged), forged).toBe(false);
  }
});

it('keeps its key to itself, over restarts, and makes a new one for a broken one', async ({ folder }) => {
  const path = join(folder, 'page-session.key');
  const first = await createPageSession(folder, seededRandom(1));
  const cookie = cookieOf(first.spendToken(first.issueToken()));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await createPageSession(folder, seededRandom(2))).admits(cookie)).toBe(true);
  await writeFile(path, 'cut short');
  expect((await createPageSession(folder, seededRandom(3))).admits(cookie)).toBe(false);
  expect(await readFile(path)).toHaveLength(32);
});

it('goes on without its file on a full disk, for as long as it runs', async ({ folder }) => {
  const unfinished = join(folder, 'page-session.key.new');
  await symlink('/dev/full', unfinished);
  const session = await createPageSession(folder, seededRandom(1));
  const cookie = cookieOf(session.spendToken(session.issueToken()));
  expect(session.admits(cookie)).toBe(true);
  await rm(unfinished);
  const next = await createPageSession(folder, seededRandom(2));
  expect(next.admits(cookie)).toBe(false);
  expect(await readFile(join(folder, 'page-session.key'))).toHaveLength(32);
});
