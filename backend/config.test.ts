/** What the environment may say: what is wrong in it is named, and never repeated. */
import { describe, expect, test } from 'vitest';
import { readBackendConfig } from './config.ts';

const adminToken = 'an admin token for tests';
const environment = {
  LIVE_LOCK_API_URL: 'https://vendor.test',
  LIVE_LOCK_API_KEY: 'canary.api.key',
  LIVE_LOCK_OWNER: 'owner',
  DATA_DIR: '/nowhere',
  ADMIN_TOKEN: adminToken,
  SEALING_SECRET: 'canary sealing secret, long enough',
};

describe('the tokens in the environment', () => {
  const long = 'sixteen letters.';

  test('names operators; a token may have colons', () => {
    const text = `ann:${long}, bob:a:${long}`;
    expect(readBackendConfig({ ...environment, ADMIN_TOKENS: text }).adminTokens).toEqual([
      { name: 'ann', token: long },
      { name: 'bob', token: `a:${long}` },
    ]);
  });

  test('are taken without the spaces and line ends around them, which no request can send', () => {
    const read = readBackendConfig({
      ...environment,
      ADMIN_TOKEN: `${long}\n`,
      ADMIN_TOKEN_PREVIOUS: ` ${long}2 `,
    });
    expect([read.adminToken, read.adminTokenPrevious]).toEqual([long, `${long}2`]);
  });

  test.each(['ADMIN_TOKEN', 'ADMIN_TOKEN_PREVIOUS', 'ADMIN_TOKENS'])(
    '%s with what no header can hold is refused',
    (name) => {
      for (const token of [`${long}\n${long}`, `${long}\u0000${long}`]) {
        const text = name === 'ADMIN_TOKENS' ? `ann:${token}` : token;
        expect(() => readBackendConfig({ ...environment, [name]: text })).toThrow('config.invalid');
      }
    },
  );

  test.each([
    long,
    'ann:short',
    `Ann Lee:${long}`,
    `operator:${long}`,
    `ann:${long},ann:${long}2`,
    `ann:${long},bob:${long}`,
    `ann:${long},`,
    `ann:${adminToken}`,
  ])('is refused without being repeated: %j', (text) => {
    let said: unknown;
    try {
      readBackendConfig({ ...environment, ADMIN_TOKENS: text });
    } catch (failure) {
      said = failure;
    }
    expect(said).toMatchObject({ error: { code: 'config.invalid', params: { path: 'ADMIN_TOKENS' } } });
    expect(JSON.stringify(said)).not.toContain(long);
  });
});

test.each([
  ['without the server beside it', {}, 'needs DATABASE_URL beside it: the server itself, past the pooler'],
  [
    'with options',
    { DATABASE_URL: 'postgres://u@h/d', DATABASE_POOLER_URL: 'postgres://u@h/d?options=-csearch_path%3Dx' },
    'takes no options: a pooler passes none on',
  ],
  [
    'that cannot be read',
    { DATABASE_URL: 'postgres://u@h/d', DATABASE_POOLER_URL: 'canary' },
    'must begin with postgres:// or postgresql:// and be percent-encoded',
  ],
])('an address of a pooler %s is refused by its name', (_what, given, problem) => {
  const read = (): unknown => {
    try {
      return readBackendConfig({ ...environment, DATABASE_POOLER_URL: 'postgres://u@h/d', ...given });
    } catch (failure) {
      return failure;
    }
  };
  expect(read()).toMatchObject({
    error: { params: { source: 'environment', path: 'DATABASE_POOLER_URL', problem } },
  });
});

test.each([
  ['without the server beside it', {}, 'needs DATABASE_URL beside it: the server of which it is a replica'],
  [
    'that is to lead to a primary',
    {
      DATABASE_URL: 'postgres://u@h/d',
      DATABASE_REPLICA_URL: 'postgres://u@h/d?target_session_attrs=primary',
    },
    'target_session_attrs must be standby: nothing else is read there',
  ],
  [
    'that cannot be read',
    { DATABASE_URL: 'postgres://u@h/d', DATABASE_REPLICA_URL: 'canary' },
    'must begin with postgres:// or postgresql:// and be percent-encoded',
  ],
])('an address of a replica %s is refused by its name', (_what, given, problem) => {
  const read = (): unknown => {
    try {
      return readBackendConfig({ ...environment, DATABASE_REPLICA_URL: 'postgres://u@h/d', ...given });
    } catch (failure) {
      return failure;
    }
  };
  expect(read()).toMatchObject({
    error: { params: { source: 'environment', path: 'DATABASE_REPLICA_URL', problem } },
  });
});

test('what the variables of libpq say of the primary is not said of its replica', () => {
  const read = readBackendConfig({
    ...environment,
    DATABASE_URL: 'postgres://u@h/d',
    DATABASE_REPLICA_URL: 'postgres://u@r/d',
    PGTARGETSESSIONATTRS: 'primary',
  });
  expect(read.database).toMatchObject({ replicaUrl: 'postgres://u@r/d' });
});
