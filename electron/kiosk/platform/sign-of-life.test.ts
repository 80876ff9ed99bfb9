import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from './manual-clock.ts';
import { aliveEveryMs, giveSignsOfLife } from './sign-of-life.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchpoint-alive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('touches the file at once, and as long as its timers run', async () => {
  const clock = new ManualClock();
  const touched: string[] = [];
  const signs = giveSignsOfLife({
    path: '/f',
    clock,
    logger: silentLogger,
    touch: (path) => touched.push(path),
  });
  expect(touched).toEqual(['/f']);
  await clock.advance(3 * aliveEveryMs);
  expect(touched).toHaveLength(4);
  signs.dispose();
  await clock.advance(3 * aliveEveryMs);
  expect(touched).toHaveLength(4);
});

it('changes the time of a file, and makes none', () => {
  const path = join(folder, 'alive');
  writeFileSync(path, '');
  utimesSync(path, 1, 1);
  giveSignsOfLife({ path, clock: new ManualClock(), logger: silentLogger }).dispose();
  expect(statSync(path).mtimeMs).toBeGreaterThan(1000);
  expect(statSync(path).size).toBe(0);
});

it.each([undefined, ''])('gives none where nobody looks (%j)', async (path) => {
  const clock = new ManualClock();
  const touch = (): never => {
    throw new Error('there is no file');
  };
  const logger = createRecordingLogger();
  giveSignsOfLife({ path, clock, logger, touch });
  await clock.advance(2 * aliveEveryMs);
  expect(logger.lines).toEqual([]);
});

it('says once that it cannot, goes on, and says it anew after it could', async () => {
  const clock = new ManualClock();
  const logger = createRecordingLogger();
  let broken = true;
  const touch = (): void => {
    if (broken) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
  };
  giveSignsOfLife({ path: '/f', clock, logger, touch });
  await clock.advance(2 * aliveEveryMs);
  expect(logger.lines).toHaveLength(1);
  broken = false;
  await clock.advance(aliveEveryMs);
  broken = true;
  await clock.advance(aliveEveryMs);
  expect(logger.lines).toHaveLength(2);
});
