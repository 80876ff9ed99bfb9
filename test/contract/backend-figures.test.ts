/** The figures of docs/backend.md that a reader counts on are those of the program. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { putStoreSchema } from '#backend/admin/contract.ts';
import { readBackendConfig } from '#backend/config.ts';
import { atOnce } from '#backend/http/capacity.ts';

const page = readFileSync(new URL('../../docs/backend.md', import.meta.url), 'utf8');

/** The rows of the first table after `words`, without its head. */
const tableAfter = (words: string): string[][] => {
  const lines = page.slice(page.indexOf(words)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first + 2, first + length).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
};

test('each default of a variable is what the program takes where it is not set', () => {
  const {
    host,
    port,
    vendor,
    kioskKeyDays,
    retention,
    trustPollMs,
    requests,
    answerMs,
    maxConnections,
    ...rest
  } = readBackendConfig({
    DATA_DIR: '/srv/latchpoint',
    LIVE_LOCK_API_URL: 'https://vendor.test',
    LIVE_LOCK_API_KEY: 'a-key-of-ours',
    LIVE_LOCK_OWNER: 'owner',
    ADMIN_TOKEN: 'a token of 16 or more',
    SEALING_SECRET: 'x'.repeat(32),
  });
  const taken = {
    '`HOST`, `PORT`': `${host}, ${port}`,
    '`LIVE_LOCK_TIMEOUT_MS`': vendor.timeoutMs,
    '`KIOSK_KEY_DAYS`': kioskKeyDays,
    '`EVENT_RETENTION_DAYS`': retention?.eventDays,
    '`ACT_RETENTION_DAYS`': retention?.actDays,
    '`TRUST_POLL_MS`': trustPollMs,
    '`REQUESTS_PER_ADDRESS`': requests?.perAddress,
    '`REQUESTS_PER_KIOSK`': requests?.perKiosk,
    '`ANSWER_TIMEOUT_MS`': answerMs,
    '`MAX_CONNECTIONS`': maxConnections,
  };
  const written = tableAfter('## Running it').filter(([, , value = '']) => /\d/.test(value));
  expect(Object.fromEntries(written.map(([name = '', , value]) => [name, value]))).toEqual(
    Object.fromEntries(Object.entries(taken).map(([name, value]) => [name, String(value)])),
  );
  expect(rest.trustedProxies).toEqual([]);
});

test('each row of the turns is what the program gives at the same time', () => {
  const rows = tableAfter('**Turns.**').map(([, ...cells]) => cells.join(' '));
  const { pulls, answers, pushes, bodies, timeTokens, tokens, open } = atOnce;
  expect(rows).toEqual([
    ...[pulls, answers, pushes, bodies, timeTokens].map(
      ({ kiosk, store, all }) => `${kiosk} ${store} ${all}`,
    ),
    // By address, which is kiosk and store in one.
    ...[tokens, open].map(({ kiosk, all }) => `${kiosk}  ${all}`),
  ]);
});

test('each variable that is needed is said to be, and all that are missing are told at once', () => {
  const needed = tableAfter('## Running it')
    .filter(([, , value]) => value === 'needed')
    .map(([name = '']) => name.replaceAll('`', ''));
  const problemOf = (environment: Record<string, string>): unknown => {
    try {
      return readBackendConfig(environment);
    } catch (error) {
      return error;
    }
  };
  expect(problemOf({ DATA_DIR: '/srv/latchpoint', PORT: 'none' })).toMatchObject({
    error: { code: 'config.invalid', params: { path: needed.join(', '), problem: 'are missing' } },
  });
});

test('each setting of a store’s policy is in the table, within the bounds that the API takes', () => {
  const { policy } = putStoreSchema.shape;
  const rows = tableAfter('**A store’s policy.**').map(([name = '', , bounds = '']) => [
    name.replaceAll('`', ''),
    bounds,
  ]);
  const bounds = Object.entries(policy.shape).map(([name, schema]) => {
    const number = 'unwrap' in schema ? schema.unwrap() : schema;
    if (number instanceof z.ZodBoolean) return [name, 'true or false'];
    return [name, `${number.minValue} to ${number.maxValue}`];
  });
  expect(rows).toEqual(bounds);
  expect(policy.shape.shortestPin.parse(undefined)).toBe(6);
});
