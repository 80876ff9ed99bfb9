import { expect, test } from 'vitest';
import { callerOf, createRateLimit } from './rate-limit.ts';

test('a caller is stopped after its share, others are not, and the window moves on', () => {
  let now = 0;
  const limit = createRateLimit({ most: 3, windowMs: 60_000, now: () => now });
  for (const at of [0, 10_000, 20_000]) {
    expect(limit.waitMs('a')).toBe(0);
    now = at;
    limit.count('a');
  }
  expect(limit.waitMs('a')).toBe(40_000);
  expect(limit.waitMs('b')).toBe(0);
  now = 59_999;
  expect(limit.waitMs('a')).toBe(1);
  now = 60_000;
  expect(limit.waitMs('a')).toBe(0);
});

test('a clock that is set back keeps nobody waiting', () => {
  let now = 1_000_000;
  const limit = createRateLimit({ most: 1, windowMs: 60_000, now: () => now });
  limit.count('a');
  expect(limit.waitMs('a')).toBe(60_000);
  now = 0;
  expect(limit.waitMs('a')).toBe(0);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7'],
  ['2001:0db8::9', '2001:db8:0:0'],
  ['2001:db8:0:7::', '2001:db8:0:7'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  // As proxies write who connected to them.
  ['192.0.2.7:51234', '192.0.2.7'],
  ['[2001:db8:0:7::9]:51234', '2001:db8:0:7'],
  ['[2001:db8:0:7::9]', '2001:db8:0:7'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});
