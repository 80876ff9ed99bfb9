import { expect, it } from 'vitest';
import { isFurtherAway, openingWords } from './opening-words.ts';

const none = { queued: false, attempt: null, unanswered: false };
const until = 10_000;
const at = (now: number) => ({ ...none, phase: { kind: 'open', until, attempt: null } as const, now });

it('who looks at a tile sees the seconds go; who hears the page is told once that it is open', () => {
  const seconds = [0, 1_000, 8_500, 9_999];
  expect(seconds.map((now) => openingWords(at(now), true))).toEqual([
    'Open 10 s',
    'Open 9 s',
    'Open 2 s',
    'Open 1 s',
  ]);
  expect(new Set(seconds.map((now) => openingWords(at(now), false)))).toEqual(new Set(['Open']));
});

it('where the seconds are over the lock is asked, and only who is not answered is sent to look', () => {
  const said = (kind: 'settling' | 'waiting') =>
    [true, false].map((counts) => openingWords({ ...none, phase: { kind }, now: until }, counts));
  expect(said('settling')).toEqual(['Asking it whether it is locked …', 'Asking it whether it is locked …']);
  expect(said('waiting')).toEqual(['Check it: not heard locked yet', 'Check it: not heard locked yet']);
});

it('a lock that has not answered for long is said not to, on its tile too; one that waits its turn is not asked yet', () => {
  const working = { ...none, phase: { kind: 'working', attempt: null } as const, now: 0 };
  expect(openingWords(working, true)).toBe('Listening …');
  expect(openingWords({ ...working, unanswered: true }, true)).toBe('No answer yet');
  expect(openingWords({ ...working, unanswered: true, queued: true }, true)).toBe('Waits its turn');
});

it('a lock that is far is said to be, as long as its opening can be stopped, and no other', () => {
  const working = { ...none, phase: { kind: 'working', attempt: null } as const };
  expect(isFurtherAway(working, 'far')).toBe(true);
  for (const other of ['here', 'near', 'unknown', null] as const)
    expect(isFurtherAway(working, other)).toBe(false);
  expect(isFurtherAway({ ...working, queued: true }, 'far')).toBe(false);
  expect(isFurtherAway({ ...none, phase: { kind: 'locked' } }, 'far')).toBe(false);
});
