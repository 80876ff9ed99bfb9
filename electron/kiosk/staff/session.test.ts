/** When idleness ends a session, and what it waits for. */
import { expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createSessionHolder, type Session, type SessionHolder } from './session.ts';

const holding = (idleSeconds: number) => {
  const clock = new ManualClock();
  const ended: string[] = [];
  const onIdleEnd = ({ staffId }: Session): number => ended.push(staffId);
  const holder: SessionHolder = createSessionHolder({ clock, idleSeconds: () => idleSeconds, onIdleEnd });
  holder.begin('ann', 'Ann', 'pin');
  const leftMs = (): number => (holder.current()?.idleAt ?? 0) - clock.now();
  return { clock, holder, ended, leftMs };
};

test('it ends nothing while something is done for them, asks nobody meanwhile, and leaves 30 s after it', async () => {
  const { clock, holder, ended, leftMs } = holding(60);
  const isOver = holder.during();
  const another = holder.during();
  for (let minute = 0; minute < 10; minute += 1) {
    await clock.advance(59_500);
    // The page asks when 25 s are left.
    expect(leftMs()).toBeGreaterThan(25_000);
  }
  isOver();
  await clock.advance(60_000);
  expect(ended).toEqual([]);
  another();
  expect(leftMs()).toBeGreaterThanOrEqual(30_000);
  await clock.advance(leftMs() - 1);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(ended).toEqual(['ann']);
});

test('a task shortens no idle time, and what was begun for one person holds no other', async () => {
  const { clock, holder, ended, leftMs } = holding(60);
  holder.during()();
  expect(leftMs()).toBe(60_000);
  const isOver = holder.during();
  holder.end();
  holder.begin('bob', 'Bob', 'pin');
  await clock.advance(50_000);
  isOver();
  expect(leftMs()).toBe(10_000);
  await clock.advance(10_000);
  expect(ended).toEqual(['bob']);
});

test('a computer that slept for longer has lost its person, whatever runs', () => {
  const { clock, holder, ended } = holding(60);
  holder.during();
  clock.sleep(120_000);
  expect(holder.current()).toBeNull();
  expect(ended).toEqual(['ann']);
});

test('no idle time is shorter than 30 s: whoever is asked has 20 s to answer', async () => {
  const { clock, ended } = holding(10);
  await clock.advance(29_999);
  expect(ended).toEqual([]);
  await clock.advance(1);
  expect(ended).toEqual(['ann']);
});

test('a clock that is set changes nothing of how long somebody has left, nor of what is told of it', async () => {
  const { clock, ended, leftMs } = holding(60);
  await clock.advance(20_000);
  for (const jump of [3_600_000, -7_200_000]) {
    clock.jump(jump);
    await clock.advance(5_000);
    expect(Math.abs(leftMs() - (jump > 0 ? 35_000 : 30_000))).toBeLessThanOrEqual(1_000);
  }
  expect(ended).toEqual([]);
  await clock.advance(30_000);
  expect(ended).toEqual(['ann']);
});
