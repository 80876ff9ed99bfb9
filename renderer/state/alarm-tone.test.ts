import { expect, test } from 'vitest';
import { againMs, createAlarmTone, muteMs } from './alarm-tone.ts';

const begin = 1_000_000;

const setUp = () => {
  let now = begin;
  let passed = 0;
  let heard = 0;
  const tone = createAlarmTone(() => (heard += 1), { now: () => now, monotonic: () => passed });
  let view = { grave: 0, newestAt: null as number | null, newestGraveAt: null as number | null };
  /** Seconds that pass, as the page looks; how often it was heard in them. */
  const pass = (seconds: number): number => {
    const before = heard;
    for (let at = 0; at < seconds; at += 1) {
      now += 1_000;
      passed += 1_000;
      tone.look(view);
    }
    return heard - before;
  };
  const comes = (kind: 'grave' | 'minor'): void => {
    view =
      kind === 'grave'
        ? { grave: view.grave + 1, newestAt: now, newestGraveAt: now }
        : { ...view, newestAt: now };
  };
  return {
    tone,
    jump: (ms: number) => (now += ms),
    pass,
    comes,
    acknowledged: () => (view = { grave: 0, newestAt: null, newestGraveAt: null }),
  };
};

test('is heard once, then each minute, until somebody has acknowledged the alarm', () => {
  const { pass, comes, acknowledged } = setUp();
  expect(pass(300)).toBe(0);
  comes('grave');
  expect(pass(1)).toBe(1);
  expect(pass(againMs / 1_000 - 1)).toBe(0);
  expect(pass(120)).toBe(2);
  acknowledged();
  expect(pass(300)).toBe(0);
});

test('is heard once of a battery, and no more', () => {
  const { pass, comes } = setUp();
  comes('minor');
  expect(pass(600)).toBe(1);
});

test('is mute for ten minutes, then heard again; another grave alarm is heard at once', () => {
  const { tone, pass, comes } = setUp();
  comes('grave');
  pass(5);
  tone.mute();
  expect(tone.mutedUntil).toBe(begin + 5_000 + muteMs);
  expect(pass(muteMs / 1_000 - 1)).toBe(0);
  expect(pass(2)).toBe(1);
  tone.mute();
  comes('minor');
  expect(pass(30)).toBe(0);
  comes('grave');
  expect(pass(1)).toBe(1);
  expect(tone.mutedUntil).toBeNull();
  tone.mute();
  tone.unmute();
  expect(pass(60)).toBe(1);
});

test('goes by time that passes: a clock that is set makes it neither silent nor longer mute', () => {
  const { tone, jump, pass, comes } = setUp();
  comes('grave');
  expect(pass(1)).toBe(1);
  jump(-600_000);
  expect(pass(60)).toBe(1);
  comes('minor');
  expect(pass(1)).toBe(1);
  tone.mute();
  jump(-86_400_000);
  expect(pass(muteMs / 1_000 + 1)).toBe(1);
  tone.mute();
  comes('grave');
  expect(pass(1)).toBe(1);
  jump(86_400_000);
  expect(pass(59)).toBe(0);
});
