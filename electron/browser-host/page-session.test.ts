import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { createPageSession } from './page-session.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'latchpoint-session-'));
});
afterEach(() => rm(dir, { recursive: true }));

const cookieOf = (setCookie: string | null): string => setCookie?.split(';')[0] ?? '';

it('takes a token once, and only the newest', async () => {
  const session = await createPageSession(dir, seededRandom(1));
  const first = session.issueToken();
  const second = session.issueToken();
  expect(session.spendToken(first)).toBeNull();
  expect(session.spendToken('')).toBeNull();
  const cookie = cookieOf(session.spendToken(second));
  expect(session.spendToken(second)).toBeNull();
  expect(session.admits(`other=1; ${cookie}; more=2`)).toBe(true);
});

it('admits no cookie that it did not make', async () => {
  const session = await createPageSession(dir, seededRandom(1));
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

it('keeps its key to itself, over restarts, and makes a new one for a broken one', async () => {
  const path = join(dir, 'page-session.key');
  const first = await createPageSession(dir, seededRandom(1));
  const cookie = cookieOf(first.spendToken(first.issueToken()));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await createPageSession(dir, seededRandom(2))).admits(cookie)).toBe(true);
  await writeFile(path, 'cut short');
  expect((await createPageSession(dir, seededRandom(3))).admits(cookie)).toBe(false);
  expect(await readFile(path)).toHaveLength(32);
});
