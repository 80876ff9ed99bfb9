import { expect, test } from 'vitest';
import { offlineWords } from './offline-words.ts';

const now = Date.UTC(2026, 10, 30, 12);
const week = 7 * 86_400_000;
const able = { opensOfflineUntil: now + week, obstacle: null, refused: null };
const obstacle = (code: 'lock.not_near' | 'lock.no_key') => ({ code, params: { serialNumber: '1' } });

test('a lock opens offline until the day that the kiosk holds for, near or not', () => {
  const until = offlineWords(able, now);
  expect(until).toContain('7 Dec');
  expect(offlineWords({ ...able, obstacle: obstacle('lock.not_near') }, now)).toBe(until);
});

test('once that is over, and whatever does not open at all, does not', () => {
  expect(offlineWords({ ...able, opensOfflineUntil: now - week }, now)).toMatch(/^no, since /);
  expect(offlineWords({ ...able, opensOfflineUntil: null }, now)).toBe('no');
  expect(offlineWords({ ...able, obstacle: obstacle('lock.no_key') }, now)).toBe('no');
  expect(offlineWords({ ...able, refused: { at: now, error: obstacle('lock.no_key') } }, now)).toBe('no');
});
