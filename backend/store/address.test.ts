import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { defaultParameters, readAddress } from './address.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchpoint-address-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, mode: number): string => {
  const path = join(folder, name);
  writeFileSync(path, 'PEM');
  chmodSync(path, mode);
  return path;
};
const ca = file('ca.pem', 0o644);
const cert = file('cert.pem', 0o644);
const key = file('key.pem', 0o600);
const openKey = file('open.pem', 0o644);

const hostsOf = (url: string): string[] =>
  readAddress(url).hosts.map(({ host, port }) => `${host} ${String(port)}`);

test.each([
  ['postgres://h/db', ['h 5432']],
  ['postgresql://a:1,b:2,[::1]:3/db', ['a 1', 'b 2', '::1 3']],
  ['postgres://a,b/db?port=7', ['a 7', 'b 7']],
  ['postgres://u:p@/db?host=a,b&port=1,2', ['a 1', 'b 2']],
  ['postgres://u@ignored:9/db?host=%2Frun%2Fpostgresql', ['/run/postgresql 9']],
  ['postgres://%2Frun%2Fpostgresql/db', ['/run/postgresql 5432']],
])('several hosts, addresses and sockets: %s', (url, hosts) => {
  expect(hostsOf(url)).toEqual(hosts);
});

test('user, password and database, as libpq takes them apart', () => {
  expect(readAddress('postgres://me:p%40ss%3Aword@h/shop')).toMatchObject({
    user: 'me',
    password: 'p@ss:word',
    database: 'shop',
    applicationName: 'latchpoint',
    connectTimeoutMs: 10_000,
  });
  expect(readAddress('postgres://me@h').database).toBe('me');
  expect(readAddress('postgres://h').user).toBe(userInfo().username);
  expect(readAddress('postgres://me@h/a?dbname=b&connect_timeout=3&options=-c%20x%3Dy')).toMatchObject({
    database: 'b',
    connectTimeoutMs: 3000,
    options: '-c x=y',
  });
});

const tlsOf = (query: string) => {
  const { tls } = readAddress(`postgres://u@h/db?${query}`);
  const { ca: roots, rejectUnauthorized, checkServerIdentity } = tls.optionsFor('h');
  return [
    tls.attempts.join(' then '),
    roots !== undefined && rejectUnauthorized !== false,
    checkServerIdentity === undefined,
  ];
};

test.each([
  // The way, whether the chain is looked at, whether the name is.
  ['', 'tls then plain', false, false],
  ['sslmode=disable', 'plain', false, false],
  ['sslmode=allow', 'plain then tls', false, false],
  ['sslmode=prefer', 'tls then plain', false, false],
  ['sslmode=require', 'tls', false, false],
  ['ssl=true', 'tls', false, false],
  [`sslmode=require&sslrootcert=${ca}`, 'tls', true, false],
  [`sslmode=verify-ca&sslrootcert=${ca}`, 'tls', true, false],
  [`sslmode=verify-full&sslrootcert=${ca}`, 'tls', true, true],
  ['sslrootcert=system', 'tls', true, true],
] as const)('sslmode as libpq has it: %s', (query, way, chain, name) => {
  expect(tlsOf(query)).toEqual([way, chain, name]);
});

test('what the address does not say is taken from the variables of libpq', () => {
  const defaults = defaultParameters({
    PGSSLMODE: 'disable',
    PGTARGETSESSIONATTRS: 'any',
    PGCONNECT_TIMEOUT: '',
  });
  expect(defaults).toEqual({ sslmode: 'disable', target_session_attrs: 'any' });
  expect(() => readAddress('postgres://h/db', defaults)).toThrow(AppFailure);
  const said = 'postgres://h/db?target_session_attrs=primary';
  expect(readAddress(said, defaults).tls.attempts).toEqual(['plain']);
});

const canary = 'canary-secret';
test.each([
  ['mysql://h/db', 'must begin with postgres:// or postgresql:// and be percent-encoded'],
  [
    'postgres://h/db?target_session_attrs=any',
    'target_session_attrs must be read-write or primary: the backend writes',
  ],
  [
    'postgres://h/db?target_session_attrs=prefer-standby',
    'target_session_attrs must be read-write or primary: the backend writes',
  ],
  ['postgres://h/db?load_balance_hosts=random', 'load_balance_hosts must be disable'],
  ['postgres://h/db?channel_binding=require', 'channel_binding must be disable'],
  [
    'postgres://h/db?sslmode=no-verify',
    'sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full',
  ],
  [
    'postgres://h/db?sslmode=verify-full',
    'sslmode verify-full needs sslrootcert: a file of certificates, or system',
  ],
  [
    'postgres://h/db?sslmode=require&sslrootcert=system',
    'sslmode must be verify-full with sslrootcert=system',
  ],
  ['postgres://h/db?sslrootcert=/nowhere', 'sslrootcert names a file that cannot be read'],
  [`postgres://h/db?sslcert=${cert}`, 'must have sslcert and sslkey, or neither'],
  [
    `postgres://h/db?sslcert=${cert}&sslkey=${openKey}`,
    'sslkey names a file that others may read; set its mode to 0600',
  ],
  ['postgres://h/db?sslnegotiation=direct', 'sslmode must be require or stronger with sslnegotiation=direct'],
  ['postgres://h/db?sslcrl=x', 'has parameter sslcrl, which this backend does not carry out'],
  ['postgres://h/db?connect_timeout=0', 'connect_timeout must be from 1 to 60 seconds'],
  ['postgres:///db', 'names no host'],
  ['postgres://a,b,c/db?port=1,2', 'must name one port, or one for each host'],
  ['postgres://a:70000/db', 'port must be from 1 to 65535'],
  [`postgres://u:${canary}%@h/db`, 'has a percent sign in its password that begins no character'],
  [`postgres://u:x?${canary}=y@h/db?${canary}=z`, 'has a parameter that this backend does not carry out'],
])('%s is refused in words', (url, problem) => {
  let failure: unknown = null;
  try {
    readAddress(url);
  } catch (thrown) {
    failure = thrown;
  }
  if (!(failure instanceof AppFailure)) throw new Error('it was taken');
  expect(failure.error.params).toMatchObject({ path: 'DATABASE_URL', problem });
  expect(JSON.stringify(failure.error)).not.toContain(canary);
});

test('a client certificate', () => {
  const { tls } = readAddress(`postgres://h/db?sslmode=require&sslcert=${cert}&sslkey=${key}`);
  expect(tls.optionsFor('h')).toMatchObject({ cert: 'PEM', key: 'PEM', servername: 'h' });
  expect(tls.optionsFor('10.0.0.1')).not.toHaveProperty('servername');
});
