import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { exitCodeAfterGivingUp } from './given-up.ts';
import { createPageRecovery } from './page-recovery.ts';

const setUp = (isWatched = true) => {
  const clock = new ManualClock();
  let loads = 0;
  let crashes = 0;
  let givenUp = 0;
  const contents = Object.assign(new EventEmitter(), {
    isDestroyed: () => false,
    loadURL: () => {
      loads += 1;
      return Promise.resolve();
    },
    forcefullyCrashRenderer: () => {
      crashes += 1;
      contents.emit('render-process-gone', {}, { reason: 'crashed' });
    },
  });
  const window = new EventEmitter();
  const recovery = createPageRecovery({
    contents,
    window,
    url: 'app://kiosk/',
    clock,
    logger: silentLogger,
    onGivenUp: () => (givenUp += 1),
  });
  recovery.load();
  if (isWatched) recovery.watch();
  const lose = (): boolean => contents.emit('render-process-gone', {}, { reason: 'oom' });
  return { clock, contents, window, recovery, lose, counts: () => ({ loads, crashes, givenUp }) };
};

it('loads a page that crashed again, after a pause that grows', async () => {
  const { clock, lose, counts } = setUp();
  lose();
  expect(counts().loads).toBe(1);
  await clock.advance(250);
  expect(counts().loads).toBe(2);
  lose();
  await clock.advance(499);
  expect(counts().loads).toBe(2);
  await clock.advance(1);
  expect(counts().loads).toBe(3);
});

it('gives up at the sixth loss within ten minutes, once', async () => {
  const { clock, lose, counts } = setUp();
  for (let loss = 0; loss < 6; loss += 1) {
    lose();
    await clock.advance(10_000);
  }
  lose();
  await clock.advance(60_000);
  expect(counts()).toEqual({ loads: 6, crashes: 0, givenUp: 1 });
});

it('never gives up on losses that are further apart', async () => {
  const { clock, lose, recovery, counts } = setUp();
  for (let loss = 0; loss < 30; loss += 1) {
    lose();
    for (let beat = 0; beat < 30; beat += 1) {
      await clock.advance(5000);
      recovery.alive(true);
    }
  }
  expect(counts()).toMatchObject({ givenUp: 0, crashes: 0, loads: 31 });
});

it('ends a page that hangs for ten seconds, and leaves one alone that comes back', async () => {
  const { clock, window, recovery, counts } = setUp();
  window.emit('unresponsive');
  await clock.advance(9000);
  window.emit('responsive');
  await clock.advance(9000);
  recovery.alive(true);
  expect(counts().crashes).toBe(0);
  window.emit('unresponsive');
  await clock.advance(10_250);
  expect(counts()).toMatchObject({ crashes: 1, loads: 2 });
});

it('ends a page that is silent or empty, but not for having slept', async () => {
  const { clock, recovery, counts } = setUp();
  for (let beat = 0; beat < 20; beat += 1) {
    await clock.advance(5000);
    recovery.alive(true);
  }
  await clock.advance(29_000);
  recovery.resumed();
  await clock.advance(29_000);
  expect(counts().crashes).toBe(0);
  recovery.alive(false);
  await clock.advance(1000);
  expect(counts().crashes).toBe(1);
});

it('counts no silence of a page before the core could hear it, and loads again what crashes even then', async () => {
  const { clock, window, lose, recovery, counts } = setUp(false);
  window.emit('unresponsive');
  await clock.advance(600_000);
  expect(counts()).toEqual({ loads: 1, crashes: 0, givenUp: 0 });
  lose();
  await clock.advance(60_000);
  expect(counts()).toEqual({ loads: 2, crashes: 0, givenUp: 0 });
  recovery.watch();
  await clock.advance(29_999);
  expect(counts().crashes).toBe(0);
  await clock.advance(1);
  expect(counts().crashes).toBe(1);
});

it('loads again what could not be loaded, and does nothing once disposed', async () => {
  const { clock, contents, recovery, counts } = setUp();
  contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://kiosk/', true);
  contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://kiosk/', false);
  await clock.advance(250);
  expect(counts().loads).toBe(2);
  recovery.dispose();
  contents.emit('render-process-gone', {}, { reason: 'crashed' });
  await clock.advance(60_000);
  expect(counts()).toEqual({ loads: 2, crashes: 0, givenUp: 0 });
});

it('asks for the kiosk to be started again first, and for the computer when that did not help', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'latchpoint-given-up-'));
  const start = Date.UTC(2026, 0, 5, 9);
  expect(await exitCodeAfterGivingUp(dir, start)).toBe(10);
  expect(await exitCodeAfterGivingUp(dir, start + 9 * 60_000)).toBe(11);
  expect(await exitCodeAfterGivingUp(dir, start + 60 * 60_000)).toBe(10);
  await rm(dir, { recursive: true });
  expect(await exitCodeAfterGivingUp(join(dir, 'gone'), start)).toBe(10);
});
