import { expect, test } from 'vitest';
import { trustIn } from './trusted-proxies.ts';

const isTrusted = trustIn(['127.0.0.1', '10.0.0.0/8', '2001:db8:7::/48', '::1', '0.0.0.0/32']);

test.each([
  '127.0.0.1',
  '::ffff:127.0.0.1',
  '10.9.8.7',
  '10.9.8.7:4431',
  '::ffff:10.9.8.7',
  '2001:db8:7::9',
  '[2001:db8:7::9]:4431',
  '::1',
])('%s is one of them', (told) => {
  expect(isTrusted(told)).toBe(true);
});

test.each([
  '127.0.0.2',
  '11.0.0.1:4431',
  '2001:db8:8::9',
  '[::2]:80',
  'unknown',
  '',
  '10.9.8.7:',
  '10.9.8.7:4431:1',
])('%s is none of them', (told) => {
  expect(isTrusted(told)).toBe(false);
});
